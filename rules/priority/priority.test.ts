import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dangerIn } from './danger.ts';
import { reckonPriority, withCategory, type PriorityEvidence } from './priority.ts';

const reckon = (text: string, more: Partial<PriorityEvidence> = {}) => reckonPriority({ text, customerTier: null, isImportantTier: false, assetCriticality: null, ...more });

test('danger to people or to the building is urgent, however it is said', () => {
  const said = [
    '水管爆了', '厨房水管爆了，水到处都是', '自来水管突然爆裂', '暖气片炸裂喷水了', '水管爆裂', '车库被淹了', '一楼大厅水漫金山了，全淹了',
    '我家孩子卡在电梯门里了', '有人被困电梯', '电梯困人了', '我们被关在电梯里出不来', '老人摔倒在电梯里起不来', '孩子被反锁在屋里', '小孩的手被电梯门夹住了', '有人晕倒在大堂', '楼下有人受伤流血',
    '电线掉下来了在冒火花', '插座冒烟', '配电箱着火了', '厨房起火了快来', '好像着火了', '电动车在楼道充电冒烟', '洗手的时候被电到了', '插座漏电', '楼道里有烧焦的味道',
    '闻到煤气味', '楼道里有很浓的天然气味道', '煤气泄漏', '家里漏煤气了', '燃气灶漏气', '燃气管在漏气',
    '天花板要塌了', '围墙倒塌', '外墙砖快掉下来了', '电梯坠落', '有人要跳楼', '不是停电，是着火了', '没有漏水，是漏电', '会不会漏电啊，刚才被电了一下', '有没有人管，电梯困人了', '是不是煤气漏了',
    'someone is stuck in the elevator', 'My son is trapped in the lift', 'There is a fire in the garage', 'the socket is on fire', 'smoke in the corridor', 'smoke is coming from the panel', 'Water is flooding my bathroom!', 'the pipe burst', 'a pipe has burst in the kitchen', 'I can smell gas',
    'gas leak in the kitchen', 'sparks from the outlet', 'I got an electric shock', 'the ceiling is about to collapse', 'An old man fell and cannot get up', 'not a power cut but a fire in the basement',
  ];
  assert.deepEqual(said.filter((text) => reckon(text).priority !== 'urgent'), []);
});

test('what is denied, only likened or a chance piece of a word is no danger', () => {
  const said = [
    '没有触电，只是插座松了', '电梯停了，没有人被困', '电梯停了，里面没人被困', '没有人受伤，就是想投诉', '我家煤气灶打不着火', '燃气灶点不着火', '灯泡爆裂音效的门铃想换', '楼上着火一样的红灯一直闪', '不是着火，是灯坏了', '没有着火', '并未冒烟',
    '没有漏水，只是想问一下物业费怎么交', '水管不漏水了，谢谢', '漏电保护器要换', '烟雾报警器没电了', '灭火器过期了', '火灾演练什么时候', '被噪音困扰很久了', '钥匙卡在锁里了', '手机卡在电梯缝里', '钥匙反锁在屋里了', '地上有水容易摔倒', '高空抛物', '想问煤气费怎么交', '花洒出水不均匀',
    '电梯没有困人', '电梯里没有困住人', '水管没爆', '已经不冒烟了', '没闻到煤气味', '着火点在哪里标', '消防通道被占', '路口容易起火灾隐患宣传册',
    'nobody is trapped, the lift just stopped', 'no one was injured', 'there is no fire', 'no smoke anymore', 'it is not on fire', 'the fire alarm battery is low', 'the smoke detector beeps', 'people are smoking in the corridor', 'fire extinguisher expired', 'no gas leak, just asking', 'the pipe is not leaking any more',
  ];
  assert.deepEqual(said.flatMap((text) => (dangerIn(text) === null ? [] : [[text, dangerIn(text)]])), []);
  assert.deepEqual(said.filter((text) => reckon(text).priority !== 'normal'), []);
});

test('loss of use and a hurry count where they are meant', () => {
  for (const text of ['插座坏了，不急，有空再来', '急诊室门口的灯坏了', '应急灯坏了', '紧急出口的门坏了', '灯坏了，不用马上来', '门锁坏了，不着急', 'no power, no rush', 'no power at the emergency exit', '没有漏水，急']) assert.equal(reckon(text).priority, 'normal', text);
  for (const text of ['停电了，很急', '家里没水，请马上来', '空调坏了，急急急', 'no power, please come asap', '地下车库积水，尽快处理']) assert.equal(reckon(text).priority, 'high', text);
  assert.deepEqual(reckon('停电了，很急').factors, [{ factor: 'loss_of_use', points: 25, detail: '停电' }, { factor: 'pressing_words', points: 10, detail: '急' }]);
  assert.equal(reckon('灯坏了', { customerTier: 'VIP', isImportantTier: true }).priority, 'high');
});

test('a category whose name tells of danger counts as danger that was said, once', () => {
  for (const names of [['水管爆裂', 'Burst pipe'], ['电梯困人', 'Person trapped'], ['燃气泄漏'], ['火灾'], ['触电漏电']]) {
    const told = reckon('帮我看看', { categoryNames: names });
    assert.deepEqual([told.priority, told.factors], ['urgent', [{ factor: 'category', points: 60, detail: names[0] }]]);
  }
  for (const names of [['水管渗漏', 'Leaking pipe'], ['消防设施'], ['火灾报警器'], ['高空抛物'], ['停电', 'Outages']]) assert.equal(reckon('帮我看看', { categoryNames: names }).priority, 'normal', names[0]);
  const put = withCategory(reckon('灯坏了'), ['电梯困人'])!;
  assert.deepEqual([put.priority, put.score, put.factors.map(({ factor }) => factor)], ['urgent', 85, ['category', 'loss_of_use']]);
  assert.deepEqual(withCategory(put, ['停电']), reckon('灯坏了'), 'put right');
  assert.deepEqual([withCategory(reckon('灯坏了'), ['停电']), withCategory(reckon('着火了'), ['火灾'])], [null, null]);
  assert.deepEqual(reckon('电梯里有人被困', { categoryNames: ['电梯困人'] }).factors.map(({ factor }) => factor), ['danger']);
});

test('any text is read within its time', () => {
  const begun = process.cpuUsage().user;
  for (const text of ['', '\ud800', '没有'.repeat(20_000), '不急'.repeat(20_000), '人'.repeat(40_000), '水管'.repeat(20_000), 'smoke '.repeat(10_000), '卡'.repeat(40_000), `孩子${'的'.repeat(40_000)}`, '不'.repeat(40_000)]) reckon(text);
  assert.ok(process.cpuUsage().user - begun < 5_000_000);
});
