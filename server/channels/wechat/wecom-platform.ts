import { callJson, type SendFailure } from '../notice-channel.ts';
import { openPlatform, type Platform } from './platform.ts';

/** What WeCom's codes mean (企业微信错误码). https://developer.work.weixin.qq.com/document/path/90313 */
const problems: Readonly<Record<number, SendFailure['code']>> = {
  40003: 'address', 60111: 'address', 81013: 'address', 45009: 'rate_limited', 45033: 'rate_limited', 95001: 'quota_spent', 41096: 'temporary', 84061: 'address', 95002: 'window_closed', 95013: 'window_closed', 95014: 'consent', 95016: 'window_closed', 95018: 'window_closed',
  40013: 'account', 40056: 'account', 40085: 'account', 41002: 'account', 41004: 'account', 48002: 'account', 60011: 'account', 60020: 'account', 301002: 'account', 95000: 'account', 95004: 'account',
};

/** WeCom's interface, for one secret of a company: that of an app or that of customer service. */
export const wecomPlatform: Platform = openPlatform({
  name: 'WeCom', standardBase: 'https://qyapi.weixin.qq.com', problemOf: (code) => problems[code],
  fetchToken: async (base, account, tools) => (await callJson(tools, 'GET', `${base}/cgi-bin/gettoken?corpid=${encodeURIComponent(account.values['corpId'] ?? '')}&corpsecret=${encodeURIComponent(account.values['secret'] ?? '')}`, null)).json,
});
