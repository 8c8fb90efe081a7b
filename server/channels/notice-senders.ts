import type { NoticeChannel } from '../../contract/notice.ts';
import { dingtalk } from './dingtalk/notice.ts';
import { email } from './email/notice.ts';
import { feishu } from './feishu/notice.ts';
import type { NoticeSender } from './notice-channel.ts';
import { sms } from './sms/notice.ts';
import { webPush } from './web-push/notice.ts';
import { wecom } from './wecom/notice.ts';

/** Every way by which staff are told, and who sends on it (通知渠道表). */
export const noticeSenders: Record<NoticeChannel, NoticeSender> = { wecom, dingtalk, feishu, web_push: webPush, email, sms };
