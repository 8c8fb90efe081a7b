import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redact } from '../privacy/redact.ts';
import { bestOf, extract, extractLimits } from './extract.ts';

const today = '2026-11-22';
const read = (text: string, orderMasks: string[] = []) => extract(text, { today, orderMasks });

const cases: readonly (readonly [string, string])[] = [
  ['你好，我是龙湖花园3幢2单元501室的业主，我姓王，电话13812345678，麻烦明天下午三点半来', 'place 龙湖花园3幢2单元501室 · name 王 · phone 13812345678 · time 2026-11-23 15:30'],
  ['我叫李小明，住在滨江区江南大道269号3号楼1203室，车牌浙A·12345', 'name 李小明 · place 滨江区江南大道269号3号楼1203室 · plate 浙A12345'],
  ['我家住3-2-501，手机幺三八零零一三八零零零', 'place 3-2-501 · phone 13800138000'],
  ['新能源车浙AD12345占了车位', 'plate 浙AD12345'],
  ['订单号是 DD20261122001，付了1,299元', 'order DD20261122001 · amount 1299'],
  ['型号：KFR-35GW，周五上午9点可以上门', 'model KFR-35GW · asset KFR-35GW · time 2026-11-27 09:00'],
  ['电话 0571-88881234，邮箱 Wang@Example.com', 'phone 057188881234 · email wang@example.com'],
  ['明天下午3点到5点有人在家', 'time 2026-11-23 15:00~2026-11-23 17:00'],
  ['周五上午10点-1点都行，晚上不行', 'time 2026-11-27 10:00~2026-11-27 13:00'],
  ['后天14:00至16:30', 'time 2026-11-24 14:00~2026-11-24 16:30'],
  ['下午三点半到了没人', 'time 2026-11-22 15:30'],
  ['江畔国际中心西塔电梯停了', 'place 江畔国际中心西塔'],
  ['江畔国际中心A塔18层空调不冷', 'place 江畔国际中心A塔18层'],
  ['请联系张女士 138 0013 8000，12月3号下午2点', 'name 张女士 · phone 13800138000 · time 2026-12-03 14:00'],
  ['１３８００１３８０００', 'phone 13800138000'],
  ['下周三上午十点二十分来，费用2万元', 'time 2026-11-25 10:20 · amount 20000'],
  ['文三路 269 号 2 幢 302 室报修', 'place 文三路269号2幢302室'],
  ['三号楼二单元六楼的灯坏了', 'place 三号楼二单元六楼'],
  ['1月5号能来吗', 'time 2027-01-05'],
  ['身份证33010619900101123X，银行卡6222021234567890123', ''],
  ['物业费3.5元一平，2/3的业主同意，我是业主', 'amount 3.5'],
  ['联系人是谁？我叫什么都行', ''],
  ['订单A1001还没到', 'order A1001'],
  ['订单号：B-2048，设备 A1001 坏了', 'order B-2048 · asset A1001'],
  ['my order #1001 is late, order A1002 too', 'order 1001 · order A1002'],
  ['订单2026年才到，订单1000元', 'amount 1000'],
  ['订单12-25没到', ''], ['订单10-12点送到', ''], ['订单2026-11-20下的', 'time 2026-11-20'], ['订单1000多块钱', ''], ['I want to order 1000 screws', ''], ['the order 2024 edition', ''], ['order 10-12 please', ''],
  ['单号 A1001 的设备坏了', 'order A1001 · asset A1001'], ['快递单号A10012', 'order A10012'], ['购买单号 A1001', 'order A1001'],
  ['订单号10012没到', 'order 10012'], ['单号 10012', 'order 10012'], ['订单：10012', 'order 10012'], ['order no. 1000, order number 1001, order id 1002', 'order 1000 · order 1001 · order 1002'], ['订单123456没到', 'order 123456'],
  ['快递 SF1234567890123 到了', 'order SF1234567890123'],
  ['SF1234567890123 到了', 'order SF1234567890123 · asset SF1234567890123'],
  ['5幢停水了', 'place 5幢'],
  ['3号楼没电', 'place 3号楼'],
  ['A座电梯坏了', 'place A座'],
  ['我们12栋都停水', 'place 12栋'],
  ['三号楼停水', 'place 三号楼'],
  ['5栋楼道灯不亮', 'place 5栋楼道'],
  ['翠湖花园5幢停水了', 'place 翠湖花园5幢'],
  ['Building 5 has no water, tower B neither', 'place Building 5 · place tower B'],
  ['A座位坏了，会议室A座椅坏了两把，A座机打不通，A座谈会', ''],
  ['Please block 2 hours on Friday, Building 5 floors, block b of the meeting', ''],
  ['water is out in building 5', 'place building 5'], ['Block 2, no water', 'place Block 2'],
  ['一座桥，两栋别墅，5栋楼都停水，7座的车，一幢房子，单号楼的，block a road', ''],
];
test('what people name is found in its plain form, in the order it is named', () => {
  for (const [said, expected] of cases) assert.equal(read(said).map((one) => `${one.kind} ${one.value}${one.until === undefined ? '' : `~${one.until}`}`).join(' · '), expected, said);
});

test('an order number of the organization’s own look is known by its mask', () => {
  assert.deepEqual(read('合同 HT2026-0001 到了没', ['AA9999-9999']).filter(({ kind }) => kind === 'order').map(({ value }) => value), ['HT2026-0001']);
});

test('the words stand in the text where they are said to, nothing but a code is read twice, and any text is read', () => {
  const pieces = fc.constantFrom('我叫', '王小明', '13812345678', '3幢', '2单元', '501室', '花园', '路', '269号', '明天', '下午', '三点半', '浙A12345', 'SF1234567890123', '￥', '12.5元', ' ', '，', 'a-1', '周五', '１２', '\ud83d\ude00', '-');
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 200 }), fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))), (said) => {
    const found = read(said, ['A999', '\\']);
    assert.ok(found.length <= extractLimits.found);
    for (const one of found) {
      assert.equal(said.slice(one.start, one.end), one.words);
      assert.ok(one.confidence > 0 && one.confidence <= 1 && one.value !== '');
    }
    const sure = found.filter(({ kind }) => kind !== 'asset');
    for (const [at, one] of sure.entries()) for (const other of sure.slice(at + 1)) assert.ok(one.end <= other.start || other.end <= one.start, `${one.words} ${other.words}`);
    const { text, restore } = redact(said, found);
    for (const one of found) if (['phone', 'email', 'plate'].includes(one.kind)) assert.ok(!text.includes(one.words), text);
    if (!/\[[A-Z]+\d+\]/.test(said)) assert.equal(restore(text), said);
  }), { numRuns: 400, examples: [['浙A12345SF1234567890123浙A12345']] });
});

test('people correct themselves: of what is equally sure the last is meant', () => {
  assert.equal(bestOf(read('电话13812345678，不对，是13912345678'), 'phone')?.value, '13912345678');
});
