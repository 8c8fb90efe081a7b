import { createDictionary } from '../dictionary.ts';

const chinese = {
  required: '（必填）',
  optional: '选填',
  yes: '是',
  no: '否',
  choose: '请选择',
  address: '地址',
  here: '附上当前位置',
  hereKept: '已附上位置',
  noPosition: '无法取得当前位置，请检查定位权限',
  addRow: '添加一行',
  removeRow: '删除第 {{number}} 行',
  row: '第 {{number}} 行',
  currency: '币种',
} as const;

const english = {
  required: '(required)',
  optional: 'optional',
  yes: 'Yes',
  no: 'No',
  choose: 'Choose',
  address: 'Address',
  here: 'Attach my position',
  hereKept: 'Position attached',
  noPosition: 'The position is not available. Check the permission for it.',
  addRow: 'Add a row',
  removeRow: 'Remove row {{number}}',
  row: 'Row {{number}}',
  currency: 'Currency',
};

/** Says one of the words of forms on phones. */
export const sayForm = createDictionary(chinese, english);
