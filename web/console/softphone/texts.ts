import { ownTexts } from '../texts/own-texts.ts';

const phrases = {
  'title': ['软电话', 'Softphone'],
  'is.connecting': ['正在登录…', 'Signing in …'], 'is.ready': ['就绪', 'Ready'], 'is.talking': ['通话中', 'On a call'], 'is.elsewhere': ['在另一个标签页里', 'In another tab'],
  'take': ['改到这里接听', 'Take it here'], 'take.busy': ['正在另一个标签页里通话', 'On a call in another tab'],
  'why.password': ['用户或密码不对，请联系管理员', 'User or password is wrong: ask an administrator'], 'why.refused': ['电话系统拒绝登录（{{detail}}）', 'The telephone system refuses ({{detail}})'], 'why.unreachable': ['连不上电话系统，正在重试', 'The telephone system cannot be reached; trying again'], 'why.setting': ['取不到软电话设置', 'The settings could not be fetched'], 'why.browser': ['浏览器不支持，或页面不是 https', 'This browser cannot, or the page is not https'],
  'retry': ['重试', 'Try again'],
  'microphone.why': ['接打电话要用麦克风。接下来浏览器会询问，请选“允许”；只在通话时使用。', 'Calls need the microphone. The browser is going to ask: choose “Allow”. It is used during calls only.'], 'microphone.allow': ['允许使用麦克风', 'Allow the microphone'], 'microphone.denied': ['浏览器不让用麦克风。点地址栏左边的图标，把麦克风改为“允许”。', 'The browser blocks the microphone. Press the sign left of the address and allow it.'],
  'dial.open': ['拨号', 'Dial'], 'dial.close': ['收起拨号', 'Fold'], 'dial.number': ['号码或分机', 'Number or extension'], 'dial.call': ['呼叫', 'Call'], 'dial.form': ['只能是数字、*、# 或分机号', 'Digits, *, # or an extension'],
  'incoming': ['来电', 'Incoming call'], 'calling': ['正在呼叫', 'Calling'], 'connecting': ['正在接通', 'Connecting'], 'talking': ['通话中', 'On the line'], 'holding': ['已保持', 'On hold'], 'handing': ['正在转接…', 'Handing on …'],
  'answer': ['接听', 'Answer'], 'decline': ['拒接', 'Decline'], 'hangUp': ['挂断', 'Hang up'],
  'mute': ['静音', 'Mute'], 'hold': ['保持', 'Hold'], 'keys': ['按键', 'Keys'], 'keys.pressed': ['已按 {{keys}}', 'Pressed {{keys}}'], 'key': ['按键 {{key}}', 'Key {{key}}'],
  'handOn': ['转接', 'Hand on'], 'handOn.whom': ['转给谁', 'To whom'], 'handOn.place': ['同事姓名或分机', 'Colleague or extension'], 'handOn.do': ['转给 TA', 'Hand on'], 'handOn.none': ['没有别的同事有分机', 'No other colleague has an extension'],
  'news.busy': ['对方正忙', 'They are busy'], 'news.declined': ['对方拒接', 'They declined'], 'news.no_answer': ['没有人接', 'Nobody answered'], 'news.not_found': ['号码不存在', 'There is no such number'], 'news.failed': ['没有接通（{{detail}}）', 'It did not come about ({{detail}})'], 'news.handed_on': ['已转接', 'Handed on'], 'news.not_handed_on': ['没能转接到 {{detail}}，通话还在', 'It could not be handed on to {{detail}}; the call goes on'], 'news.no_microphone': ['用不了麦克风，请检查设备和浏览器权限', 'The microphone cannot be used: look at the device and the browser’s permission'], 'news.no_sound': ['声音没能接通', 'The sound could not be set up'],
} as const;

export const { useTexts: useSoftphoneTexts } = ownTexts(phrases);
