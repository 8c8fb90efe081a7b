/** What a carrier says became of a text message (短信回执). */
export interface SmsReceipt {
  /** What the cloud called it when it took it. */
  providerId: string;
  /** What we called it, where the cloud says so. */
  reference: string | null;
  delivered: boolean;
  /** The carrier's code and words. */
  said: string;
}

/** What a cloud sends with a receipt, and what it wants to hear: once it is taken, and to be told again. */
export interface SmsReceiptForm {
  read(body: unknown): SmsReceipt[];
  taken: string;
  again: string;
}

const mostAtOnce = 1_000;
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : typeof value === 'number' ? String(value) : '');

const lines = (body: unknown): Record<string, unknown>[] => (Array.isArray(body) ? body : [body]).slice(0, mostAtOnce).filter((line): line is Record<string, unknown> => typeof line === 'object' && line !== null);

/**
 * The receipts of both clouds by the mode of an account. Neither signs them: they count only at the account's own secret address.
 * Alibaba Cloud SmsReport: https://help.aliyun.com/zh/sms/developer-reference/smsreport
 * Tencent Cloud 短信下发状态通知: https://cloud.tencent.com/document/product/382/52077
 */
export const smsReceiptForms: Readonly<Record<string, SmsReceiptForm>> = {
  aliyun: {
    read: (body) => lines(body).flatMap((line) => {
      const providerId = text(line['biz_id']);
      return providerId === '' || typeof line['success'] !== 'boolean' ? [] : [{ providerId, reference: text(line['out_id']) || null, delivered: line['success'], said: [text(line['err_code']), text(line['err_msg'])].filter(Boolean).join(': ') }];
    }),
    taken: JSON.stringify({ code: 0, msg: '接收成功' }),
    again: JSON.stringify({ code: 1, msg: '请稍后再推送' }),
  },
  tencent: {
    read: (body) => lines(body).flatMap((line) => {
      const [providerId, status] = [text(line['sid']), text(line['report_status'])];
      return providerId === '' || (status !== 'SUCCESS' && status !== 'FAIL') ? [] : [{ providerId, reference: null, delivered: status === 'SUCCESS', said: [text(line['errmsg']), text(line['description'])].filter(Boolean).join(': ') }];
    }),
    taken: JSON.stringify({ result: 0, errmsg: 'OK' }),
    again: JSON.stringify({ result: 1, errmsg: 'again later' }),
  },
};
