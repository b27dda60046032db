import type { TriggerRule } from '#shared/model/pipeline.ts'

/** Each trigger rule in words: when the task runs, and what happens else. */
export const RULE_TEXTS: Readonly<Record<TriggerRule, { readonly label: string; readonly text: string }>> = {
  all_success: {
    label: 'All succeed',
    text: 'Runs when every upstream succeeded. A failed one makes it upstream failed, a skipped one skips it.',
  },
  all_failed: {
    label: 'All fail',
    text: 'Runs when every upstream failed. As soon as one succeeds or is skipped, this is skipped.',
  },
  all_done: { label: 'All done', text: 'Runs when every upstream has ended, however it ended.' },
  all_done_min_one_success: {
    label: 'All done, one success',
    text: 'Runs when every upstream has ended and at least one succeeded. A skipped one skips it; without a success it is upstream failed.',
  },
  one_success: {
    label: 'One succeeds',
    text: 'Runs as soon as one upstream succeeds. If all are skipped it is skipped; if all end without a success, upstream failed.',
  },
  one_failed: {
    label: 'One fails',
    text: 'Runs as soon as one upstream fails, e.g. to clean up. If none does, it is skipped.',
  },
  one_done: {
    label: 'One done',
    text: 'Runs as soon as one upstream succeeds or fails. If all are skipped, it is skipped.',
  },
  none_failed: {
    label: 'None fails',
    text: 'Runs when every upstream succeeded or was skipped: the usual rule after a branch. A failed one makes it upstream failed.',
  },
  none_failed_min_one_success: {
    label: 'None fails, one success',
    text: 'Runs when no upstream failed and at least one succeeded. If all are skipped, it is skipped.',
  },
  none_skipped: {
    label: 'None skipped',
    text: 'Runs when every upstream has ended and none was skipped. A skipped one skips it.',
  },
  all_skipped: {
    label: 'All skipped',
    text: 'Runs when every upstream was skipped. If one succeeds or fails, this is skipped.',
  },
  always: { label: 'Always', text: 'Runs at once, without waiting for its upstreams.' },
}
