// The words of the first run, and of an account as it is written, tested and kept.
import type { Topic } from '../host'

export const firstRun = {
  aside: 'Try it first',
  rings: 'Tocsin rings when your rules say so, and can say why.',
  lead: 'It listens to your Aruba Central account from this computer, and shows plainly when it cannot hear.',
  story:
    'A made-up campus plays a bad afternoon: a rogue access point finds the wire, an attack swells and ends. Nothing leaves this computer.',
  demo: 'Try the demo',
  demoStarting: 'Starting the demo',
  connect: 'Connect to Central',
  later: 'You can change all of this later.',
  test: 'Test connection',
  connecting: 'Connecting',
  start: 'Start listening',
}

export const account = {
  change: 'Change the account',
  add: 'Add an account',
  use: 'Use this account',
  endpoint: 'Endpoint',
  readAs: 'Read as ',
  endpointHint: 'From Central’s Streaming page. A pasted address is fine as it is.',
  foreign: ' is not one of Central’s own hosts. Whoever runs it can use your key. I know it and the key may be sent there.',
  key: 'Key',
  keyHeld: 'The key that is held already',
  keyExpired: (when: string) => `Expired ${when}. Make a new one on the Streaming page.`,
  keyWorks: (when: string) => `Works until ${when}`,
  keyFor: (span: string) => `, ${span} from now. Tocsin fetches the next one.`,
  customer: 'Customer ',
  keptInKeyring: 'Kept in this computer’s keyring and nowhere else.',
  keptForRun: 'Held for this run only: when Tocsin quits it is forgotten.',
  topics: 'Topics',
  about: {
    security: 'rogues, attacks',
    audit: 'who changed what',
    presence: 'who is heard',
    location: 'where devices are',
    monitoring: 'state and counters',
    apprf: 'application sessions',
  } satisfies Record<Topic, string>,
  authority: 'Authority',
  replaceAuthority: 'Replace',
  trust: 'Trust a private authority',
  trusted: ['Trusted for this host: ', '. It goes on being trusted only if you give it again.'],
  trustWhy: 'Only needed when a proxy or a gateway of your own opens the line. The system’s authorities are always checked.',
  certificate: 'Certificate of the authority, PEM',
  certificateBegins: '-----BEGIN CERTIFICATE-----',
  file: 'Read a file…',
  tooLarge: (name: string) => `${name} is larger than 1 MB, so it is no certificate file.`,
  leaveOut: 'Leave it out',
  validUntil: (when: string) => `, valid until ${when}`,
  print: (print: string) => `SHA-256 ${print}`,
  compare: 'Compare this with what your proxy’s owner gave you. It is trusted for this host only.',

  missing: {
    endpoint: 'Paste the address from Central’s Streaming page.',
    key: 'Paste the key from Central’s Streaming page.',
    topics: 'Choose at least one topic.',
    host: (host: string) => `Confirm that the key may be sent to ${host}.`,
  },

  notKept: 'The key could not be kept',
  notKeptWhy:
    'You can hold it for this run only instead. Then it is in Tocsin’s memory and nowhere else, and you paste it again after a restart. It is never written to a file.',
  keyringAgain: 'Try the keyring again',
  hold: 'Hold it for this run',

  testing: {
    label: 'Connection test',
    goes: 'Testing the connection',
    endedEarly: 'The test ended early',
    partly: 'The connection works, but not for every topic',
    works: 'The connection works',
    stop: 'Stop',
    wait: 'Security and audit speak only when something happens. You need not wait.',
    open: 'open',
    notOpened: 'not opened',
    stages: {
      name: { running: 'Looking up the name', good: 'Name found', failed: 'Name not found', skipped: 'Name' },
      line: { running: 'Opening a secure line', good: 'Secure line', failed: 'No secure line', skipped: 'Secure line' },
      key: { running: 'Showing the key', good: 'Key accepted', failed: 'Key not accepted', skipped: 'Key' },
      topics: { running: 'Opening the topics', good: 'Topics open', failed: 'Not every topic opened', skipped: 'Topics' },
      first_message: { running: 'First message', good: 'First message', failed: 'No message', skipped: 'First message' },
    },
  },
}
