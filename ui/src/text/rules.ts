// The words of the rules, their list and their editor. What stands beside the editor is in beside.ts.
import { count, some } from './number'

export const rules = {
  title: 'Rules',
  one: 'Rule',
  newShort: 'New',
  filter: 'Filter rules',
  unsavedMany: (n: number) => some(n, 'unsaved', 'unsaved'),
  noFolder: 'no folder',
  none: 'No rules yet.',
  noneTitle: 'No rules yet',
  noneWords: 'A rule says which events matter. Without one Tocsin listens and stays silent.',
  noneMatch: 'No rule has these words.',
  unreadable: 'The rules could not be read',
  folder: 'Open the rules folder',
  switchOf: (name: string) => `${name}, on`,
  isOn: (name: string) => `${name} is on`,
  isOff: (name: string) => `${name} is off`,
  saved: (name: string) => `${name} is saved and runs from the next event`,
  savedBroken: (name: string) => `${name} is saved, and does not run as it is`,
  deleted: (name: string) => `${name} is deleted`,
  renamed: (from: string, to: string) => `${from} is now ${to}`,

  more: 'More about this rule',
  new: 'New rule',
  duplicate: 'Duplicate',
  rename: 'Rename',
  delete: 'Delete',
  discard: 'Discard',
  revert: 'Revert',
  save: 'Save',
  saving: 'Saving',
  unsaved: 'Not saved yet',
  unsavedSaid: ', not saved',
  edited: 'Edited',
  off: 'Off',
  back: 'Text',
  file: (name: string) => `${name}.rhai`,
  textOf: (name: string) => `Text of ${name}`,

  name: 'Name',
  nameHint: 'A folder and a name, such as security/rogue-on-the-wire. The file ends in .rhai by itself.',
  nameWrong: {
    none: 'Give it a folder and a name, such as security/new-rule.',
    noFolder: 'Put it into a folder, such as security/.',
    signs: 'Use small letters, digits and hyphens, with one folder in front.',
    long: (most: number) => `At most ${count(most)} characters.`,
    taken: 'There is already a rule of this name.',
  },
  beginFrom: 'Begin from',
  beginWith: 'What you begin with',
  beginWhen: 'Nothing runs until you save it.',
  begin: 'Write it',
  empty: 'Empty rule',
  emptyPurpose: 'The least a rule needs: what it listens to and when it matches.',
  renameTitle: (name: string) => `Rename ${name}`,
  renameSame: 'That is its name already.',
  renameWhat: 'Its alerts belong to the old name: those still firing resolve, saying that the rule is gone.',

  pausedBy: 'Paused by Tocsin.',
  pausedWhy: 'It took too long on an event.',
  resume: 'Run again now',

  outside: {
    gone: 'This file was deleted outside Tocsin.',
    goneHint: 'Your edit is still here. Keep it to write the file again.',
    changed: 'This file changed outside Tocsin while you were editing.',
    changedHint: 'Nothing is saved until you choose.',
    compare: 'Compare',
    letGo: 'Let it go',
    theirs: 'Take the file',
    mine: 'Keep mine',
    title: (name: string) => `${name}.rhai, the file and your edit`,
    fileNow: 'The file now',
    edit: 'Your edit',
    both: 'Both stay as they are until you choose.',
    later: 'Decide later',
  },

  /** What a word of a rule is, under the pointer. */
  card: {
    field: (type: string, kinds: readonly string[], values: readonly string[]) =>
      [`${type}, in ${kinds.join(', ')}.`, values.length ? `One of ${values.map((value) => `"${value}"`).join(', ')}.` : ''].join(' ').trim(),
    list: (entries: number) => `A list with ${some(entries, 'entry', 'entries')}.`,
    kind: (fields: readonly string[]) => `A kind of event with ${some(fields.length, 'field')}: ${fields.join(', ')}.`,
  },

  /** "1 error, 2 warnings"; empty without findings. */
  findings: (errors: number, warnings: number) =>
    [errors ? some(errors, 'error') : '', warnings ? some(warnings, 'warning') : ''].filter(Boolean).join(', '),
  ruleText: 'Rule text',

  strip: {
    lastGood: 'Saved so, the last good version runs on.',
    none: 'No findings',
    checking: 'Checking',
    leave: 'Esc, then Tab leaves the text',
    place: (line: number, column: number) => `Line ${line}, column ${column}`,
  },

  words: {
    toDo: 'What to do',
    noDoc: 'Lines that begin with //! say what an alert means and what to do. They are shown with each alert.',
    on: 'Listens to',
    onNone: 'Nothing yet: const ON names kinds or topics.',
    hold: 'Fires after it lasted',
    remind: 'Says it again every',
    resolveAfter: 'Over when not seen for',
    stands: 'How it stands',
    hits: (n: number) => `${n === 1 ? 'hit' : 'hits'} in 7 days`,
    neverHit: 'It has not matched yet.',
    lastHit: (ago: string) => `Last hit ${ago}.`,
    notOnDisk: 'Not on disk yet. It runs from the moment you save it.',
    alerts: 'Last alerts',
  },

  /** How a rule stands: a word for its row, and the sentence. */
  standing: {
    noHits: 'No hits',
    hits: (n: number) => some(n, 'hit'),
    firing: (n: number) => `${count(n)} firing`,
    off: 'Off. No event reaches it until you switch it on.',
    paused: (until: string | null) => (until === null ? 'Paused' : `Paused until ${until}`),
    pausedWhy: (paused: string, why: string) => `${paused}. Nothing is matched meanwhile.${why ? ` ${why}` : ''}`,
    broken: (found: string) => `${found || 'Error'}, does not run`,
    brokenWhy: (found: string) => `It has ${found || 'an error'} and no earlier version that worked, so it does not run.`,
    lastGood: (found: string) => `${found || 'Error'}, last good runs`,
    lastGoodWhy: (found: string) => `The saved text has ${found || 'an error'}. The last version that worked goes on running.`,
    running: (found: string, learns: string | null, note: string) =>
      [
        found ? `Running, with ${found}.` : 'Running.',
        learns === null ? '' : `It learns what is usual until ${learns}: nothing counts as new before.`,
        note,
      ]
        .filter(Boolean)
        .join(' '),
  },
}
