import type { InboundKind } from '../../contract/channel.ts';
import { emailReplies } from './email/outbound.ts';
import type { OutboundChannel } from './outbound.ts';
import { wecomReplies } from './wechat/wecom-app.ts';
import { miniProgramReplies } from './wechat/mini-program.ts';
import { officialAccountReplies } from './wechat/official-account.ts';
import { wechatKfReplies } from './wechat/customer-service.ts';

/** Who answers on each kind of channel that can be answered on (回复渠道表). */
export const outboundChannels: Partial<Record<InboundKind, OutboundChannel>> = { wechat_official_account: officialAccountReplies, wechat_mini_program: miniProgramReplies, wechat_kf: wechatKfReplies, wecom: wecomReplies, email: emailReplies };
