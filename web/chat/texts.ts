import { signal } from '@preact/signals';

const phrases = {
  'close': ['关闭', 'Close'],
  'write': ['输入消息…', 'Write a message…'],
  'leave': ['请留言…', 'Leave a message…'],
  'send': ['发送', 'Send'],
  'attach': ['发送图片或文件', 'Send a picture or a file'],
  'typing': ['客服正在输入…', 'Somebody is writing…'],
  'sending': ['发送中', 'Sending'],
  'waiting': ['等待网络，连上后自动发送', 'Waits for the network; sent by itself'],
  'slowed': ['发得太多，{time} 自动继续发送', 'Too many were sent; goes on by itself at {time}'],
  'crowded': ['现在来访的人多，{time} 自动发送', 'Many are writing at present; goes out by itself at {time}'],
  'full': ['现在来访的人多', 'Many are here at present'],
  'fullHint': ['请过一会儿再试。', 'Please try again in a while.'],
  'sent': ['已发送', 'Sent'],
  'seen': ['已读', 'Read'],
  'failed': ['没有发出', 'Not sent'],
  'again': ['重试', 'Try again'],
  'discard': ['删除', 'Remove'],
  'offline': ['网络断开了，正在重新连接…', 'The connection was lost. Reconnecting…'],
  'who': ['先告诉我们怎么称呼您', 'Before we begin'],
  'whoHint': ['离开页面后，我们可以通过这些方式回复您。', 'So that we can answer you after you have left this page.'],
  'stay': ['留个邮箱或手机号，关掉页面也能找到您', 'Leave an e-mail address or phone number, so that we reach you after you close this page'],
  'reach': ['邮箱或手机号', 'E-mail or phone'],
  'name': ['称呼', 'Name'],
  'email': ['邮箱', 'E-mail'],
  'phone': ['手机号', 'Phone'],
  'either': ['请填邮箱或手机号', 'Please give an e-mail address or a phone number'],
  'start': ['开始对话', 'Start the chat'],
  'keep': ['保存', 'Save'],
  'later': ['以后再说', 'Not now'],
  'kept': ['已记下，谢谢。', 'Thank you, we have it.'],
  'closed': ['聊天暂时关闭了', 'The chat is closed at present'],
  'closedHint': ['请用其他方式联系我们。', 'Please reach us another way.'],
  'notHere': ['这里不能打开聊天', 'The chat cannot be opened here'],
  'notHereHint': ['这个网站不在允许名单里，请联系网站管理员。', 'This website is not on the list of those that may hold it. Its administrator can help.'],
  'broken': ['暂时连不上', 'Not reachable at present'],
  'retry': ['重试', 'Try again'],
  'loading': ['正在打开…', 'Opening…'],
  'newer': ['有新消息', 'New messages'],
  'tooLarge': ['文件超过 20 MB', 'The file is larger than 20 MB'],
  'tooMany': ['一次最多 5 个文件', 'At most 5 files at once'],
  'remove': ['移除', 'Remove'],
  'you': ['我', 'You'],
  'messages': ['对话', 'Messages'],
  'today': ['今天', 'Today'],
} as const satisfies Record<string, readonly [string, string]>;

export type Language = 'zh-CN' | 'en';
export const spoken = signal<Language>('zh-CN');

/** What the chat says, in the language that is spoken (聊天文案). */
export const say = (key: keyof typeof phrases): string => phrases[key][spoken.value === 'en' ? 1 : 0];
