/**
 * One line of a log file: `MICROS TAG TEXT\n`, MICROS since the run's epoch. TAG: `o` stdout, `e` stderr, `n` a note of
 * Dagwright's own (a cut, a signal); the capitals `O` and `E` mean that the line goes on in the next record of that
 * stream. Bytes that are not UTF-8 are replaced by U+FFFD. Where the cap cut the middle out, a note `cut BYTES` stands.
 */
export type LogTag = 'o' | 'O' | 'e' | 'E' | 'n'
