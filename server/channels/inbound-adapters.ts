import type { InboundKind } from '../../contract/channel.ts';
import { alertmanager } from './alertmanager/read-alerts.ts';
import { dingtalkRobot } from './dingtalk/robot.ts';
import type { InboundAdapter } from './inbound.ts';
import { email } from './email/inbound.ts';
import { feishu } from './feishu/inbound.ts';
import { hotline } from './hotline/read-cases.ts';
import { phone } from './phone/read-call-events.ts';
import { mqtt } from './mqtt/read-alarm.ts';
import { sms } from './sms/inbound.ts';
import { douyin } from './social/douyin.ts';
import { line } from './social/line.ts';
import { messenger } from './social/messenger.ts';
import { telegram } from './social/telegram.ts';
import { weibo } from './social/weibo.ts';
import { whatsapp } from './social/whatsapp.ts';
import { webhook } from './webhook/read-webhook.ts';
import { wecomCallbacks } from './wechat/wecom-app.ts';
import { miniProgram } from './wechat/mini-program.ts';
import { officialAccount } from './wechat/official-account.ts';
import { wechatKf } from './wechat/customer-service.ts';
import { webChat } from './web-chat/inbound.ts';
import { zabbix } from './zabbix/read-events.ts';

/** Who reads the calls of each kind of channel (渠道适配器表). */
export const inboundAdapters: Record<InboundKind, InboundAdapter> = {
  webhook, alertmanager, zabbix, wechat_official_account: officialAccount, wechat_mini_program: miniProgram, wechat_kf: wechatKf, wecom: wecomCallbacks, dingtalk: dingtalkRobot, feishu, email, web_chat: webChat, phone, hotline,
  sms, telegram, whatsapp, messenger, line, douyin, weibo, mqtt,
};
