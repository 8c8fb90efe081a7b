import type { InboundKind } from '../../contract/channel.ts';
import { dingtalkReplies } from './dingtalk/robot.ts';
import { emailReplies } from './email/outbound.ts';
import { feishuReplies } from './feishu/outbound.ts';
import type { OutboundChannel } from './outbound.ts';
import { smsReplies } from './sms/outbound.ts';
import { douyinReplies } from './social/douyin.ts';
import { lineReplies } from './social/line.ts';
import { messengerReplies } from './social/messenger.ts';
import { telegramReplies } from './social/telegram.ts';
import { weiboReplies } from './social/weibo.ts';
import { whatsappReplies } from './social/whatsapp.ts';
import { webChatReplies } from './web-chat/outbound.ts';
import { wecomReplies } from './wechat/wecom-app.ts';
import { miniProgramReplies } from './wechat/mini-program.ts';
import { officialAccountReplies } from './wechat/official-account.ts';
import { wechatKfReplies } from './wechat/customer-service.ts';

/** Who answers on each kind of channel that can be answered on (回复渠道表). */
export const outboundChannels: Partial<Record<InboundKind, OutboundChannel>> = { wechat_official_account: officialAccountReplies, wechat_mini_program: miniProgramReplies, wechat_kf: wechatKfReplies, wecom: wecomReplies, dingtalk: dingtalkReplies, feishu: feishuReplies, email: emailReplies, web_chat: webChatReplies,
  sms: smsReplies, telegram: telegramReplies, whatsapp: whatsappReplies, messenger: messengerReplies, line: lineReplies, douyin: douyinReplies, weibo: weiboReplies,
};
