import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soundsLike } from './pinyin.ts';

const people = ['陈静', '林晓雨', '周敏', '骆军', '朱阿根', '方志远', '曾国强', '单永强', '吕秀英', '水电维修一班', 'Emma 李', '欧阳娜', '仇志刚'];
const found = (typed: string): string[] => people.filter((name) => soundsLike(name, typed));

test('somebody is found by initials, by syllables, and by the beginning of one', () => {
  assert.deepEqual(found('cj'), ['陈静']);
  assert.deepEqual(found('chen'), ['陈静']);
  assert.deepEqual(found('chenj'), ['陈静']);
  assert.deepEqual(found('chenjing'), ['陈静']);
  assert.deepEqual(found('linxy'), ['林晓雨']);
  assert.deepEqual(found('fangzhiyuan'), ['方志远']);
  assert.deepEqual(found('sdwx'), ['水电维修一班']);
});

test('by the given name alone, and however somebody parts the syllables', () => {
  assert.deepEqual(found('xiaoyu'), ['林晓雨']);
  assert.deepEqual(found("ouyang'na"), ['欧阳娜']);
  assert.deepEqual(found('LIN XIAO YU'), ['林晓雨']);
});

test('surnames are read as surnames, and ü as v or u', () => {
  assert.deepEqual(found('zengguoqiang'), ['曾国强']);
  assert.deepEqual(found('shany'), ['单永强']);
  assert.deepEqual(found('qiuzg'), ['仇志刚']);
  assert.deepEqual(found('lvxy'), ['吕秀英']);
  assert.deepEqual(found('luxiuying'), ['吕秀英']);
});

test('who is not meant is not found', () => {
  assert.deepEqual(found('chenjung'), []);
  assert.deepEqual(found('chengj'), []);
  assert.equal(soundsLike('程佳', 'chenj'), false, 'a syllable in the middle is typed whole, or as its initial');
  assert.deepEqual(['cj', 'chj', 'chengj', 'chengjia', 'cheng', 'che', 'cjia'].map((typed) => soundsLike('程佳', typed)), Array(7).fill(true));
  assert.deepEqual(found('陈'), []);
  assert.deepEqual(found(''), []);
  assert.deepEqual(found('1'), []);
});

test('the surnames one meets every day are read right', () => {
  const surnames = '王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lv 苏su 卢lu 蒋jiang 蔡cai 贾jia 丁ding 魏wei 薛xue 叶ye 阎yan 余yu 潘pan 杜du 戴dai 夏xia 钟zhong 汪wang 田tian 任ren 姜jiang 范fan 方fang 石shi 姚yao 谭tan 廖liao 邹zou 熊xiong 金jin 陆lu 郝hao 孔kong 白bai 崔cui 康kang 毛mao 邱qiu 秦qin 江jiang 史shi 顾gu 侯hou 邵shao 孟meng 龙long 万wan 段duan 钱qian 汤tang 尹yin 黎li 易yi 常chang 武wu 乔qiao 贺he 赖lai 龚gong 文wen 娄lou 戎rong 胥xu 蒯kuai 臧zang'.split(' ');
  assert.deepEqual(surnames.filter((one) => !soundsLike(one.slice(0, 1), one.slice(1))), []);
});
