// The words of several accounts: the list, the switch, and forgetting one.
export const accounts = {
  title: 'Accounts',
  now: 'Listened to',
  notNow: 'Not listened to',
  notNowWhy: 'Nothing of it is heard until you switch to it. What was heard before stays in its log.',
  add: 'Add account…',
  switch: 'Switch',
  switchThis: (name: string) => `Switch to ${name}`,
  forget: 'Forget…',
  forgetThis: (name: string) => `Forget ${name}…`,
  choose: 'Switch account',
  chooseHint: 'One account is listened to at a time.',
  byNumber: 'switch',
  switching: (name: string) => `Switching to ${name}`,
  switched: (name: string) => `Listening to ${name}`,
  inBar: (name: string) => `Listening to ${name}. Switch to another account`,

  alertOf: (name: string) => `This alert belongs to ${name}, which is not listened to now.`,
  alertOfNone: 'This alert belongs to an account or a demo that is gone, and so is its log.',

  name: 'Name',
  nameHint: 'What you call it, to tell it from others. Left empty, it goes by its host.',

  forgetTitle: 'Forget the account',
  forgetKey: (keyring: boolean) => (keyring ? 'Its key is taken out of this computer’s keyring.' : 'Its key, which is held for this run only, is let go.'),
  forgetKeyEither: 'Its key is taken out of this computer’s keyring.',
  forgetLog: 'Its log is deleted: what was heard, its alerts and their history. There is no undo.',
  forgetStays: 'Rules, lists, settings and other accounts stay.',
  forgetNext: (name: string) => `${name} is listened to next.`,
  forgetLast: 'Tocsin then listens to nothing, until you paste an endpoint and a key again.',
  forgetIt: 'Forget it',
}
