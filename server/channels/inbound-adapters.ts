import type { InboundKind } from '../../contract/channel.ts';
import { alertmanager } from './alertmanager/read-alerts.ts';
import type { InboundAdapter } from './inbound.ts';
import { email } from './email/inbound.ts';
import { webhook } from './webhook/read-webhook.ts';
import { wecomCallbacks } from './wechat/wecom-app.ts';
import { miniProgram } from './wechat/mini-program.ts';
import { officialAccount } from './wechat/official-account.ts';
import { wechatKf } from './wechat/customer-service.ts';
import { zabbix } from './zabbix/read-events.ts';

/** Who reads the calls of each kind of channel (渠道适配器表). */
export const inboundAdapters: Record<InboundKind, InboundAdapter> = {
  webhook, alertmanager, zabbix, wechat_official_account: officialAccount, wechat_mini_program: miniProgram, wechat_kf: wechatKf, wecom: wecomCallbacks, email,
};
