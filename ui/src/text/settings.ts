// The words of Settings, but for those of noise, storage and what Tocsin is made of.

export const settings = {
  atOnce: 'Changes apply at once.',
  pages: 'Pages of the settings',
  appearance: 'Appearance',
  startup: 'Start-up',
  data: 'Data',
  about: 'About',
  version: (version: string) => `Tocsin ${version}`,
  what: 'An alarm bell for HPE Aruba Networking Central. It speaks to Central’s Streaming API and to nobody else.',

  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  textSize: 'Text size',
  textSizeWhy: 'Also Ctrl and plus or minus, anywhere.',
  percent: (n: number) => `${n} %`,

  dataFolder: 'Data folder',
  rulesFolder: 'Rules folder',
  open: 'Open',
  key: 'Key',
  keyOfDemo: 'The demo made its own key. It is gone when the demo ends.',
  keyNone: 'There is none.',
  keyKept: (keyring: boolean, until: string) =>
    `${keyring ? 'In this computer’s keyring and nowhere else' : 'In Tocsin’s memory for this run only'}. It works until ${until}. It is never shown, written to a file or logged.`,
  forget: 'Forget the account…',

  popups: 'Show pop-ups on the desktop',
  popupsOn: 'Alerts are also listed and counted here, always.',
  popupsOff: 'Off. Alerts are still raised, listed and counted. Nothing pops up.',
  popupsCannot: 'Pop-ups cannot be shown.',
  tryIt: 'Try it',
  tryWhy: 'Sends one pop-up through the same way as an alert.',
  test: 'Send a test',
  sending: 'Sending',
  notSent: (when: string, why: string) => `Not sent, ${when}: ${why}`,
  sent: (when: string) => `Sent ${when}, and the desktop took it. If nothing showed, the desktop itself may be set to do not disturb.`,

  login: 'Start when you log in',
  loginWhy: 'It starts hidden in the tray and listens at once.',
  closing: 'Closing the window',
  closingHides: 'Closing hides it in the tray, and Tocsin goes on listening. Quit from the tray or with Ctrl Q.',
  closingQuits: (note: string) => `Closing quits Tocsin: there is no tray to come back from. ${note}`,

  time: 'Time',
  zone: 'Zone of the rules',
  zoneWhy: 'between and weekday reckon in it, unless a rule names its own.',
  zoneSystem: (zone: string) => `As the system, ${zone}`,
}
