/** What can be done with a task (任务操作). Words only: pages take them without the schemas. */
export const taskActions = ['claim', 'release', 'complete', 'approve', 'reject', 'add_signer', 'hand_over', 'return', 'withdraw'] as const;
export type TaskAction = (typeof taskActions)[number];
export const taskActionNames: Record<TaskAction, { zh: string; en: string }> = {
  claim: { zh: '认领', en: 'Claim' }, release: { zh: '放回', en: 'Release' }, complete: { zh: '完成', en: 'Complete' },
  approve: { zh: '同意', en: 'Approve' }, reject: { zh: '不同意', en: 'Reject' }, add_signer: { zh: '加签', en: 'Add a signer' },
  hand_over: { zh: '转交', en: 'Hand over' }, return: { zh: '退回', en: 'Send back' }, withdraw: { zh: '撤回', en: 'Withdraw' },
};
