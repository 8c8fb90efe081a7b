import { hash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the sample services know us by. */
export const sampleAccess = { clientId: 'bihuan', clientSecret: 'sample-client-secret', customer: 'SAMPLECUSTOMER', key: 'sample-key-01' } as const;

export interface SampleServices {
  url: string;
  /** `127.0.0.1:<port>`, for the list of hosts within that may be called. */
  host: string;
  /** How often each path was asked. */
  asked: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

const couriers = [['shunfeng', 'SF'], ['yuantong', 'YT'], ['jd', 'JD']] as const;
const goods = [['RO-600G 净水滤芯', 'RO-600G', 199], ['KFR-35GW 空调挂机', 'KFR-35GW', 2_599], ['DS-K1T341 门禁读头', 'DS-K1T341', 480], ['BW-32 水泵机械密封', 'BW-32', 136], ['LED-T8-18W 灯管', 'LED-T8-18W', 25]] as const;
const steps = ['已揽收，发往杭州转运中心', '到达杭州转运中心', '派送中，快递员电话 0571-88000000', '已签收，签收人：前台'] as const;
const longest = 20_000;
const mostPaths = 1_000;

const numberOf = (text: string): number => Number.parseInt(hash('sha256', text).slice(0, 8), 16);

/** An order made of its number: the same number is always the same order. Those of DD and eight digits or more are there. */
function orderOf(number: string): Record<string, unknown> | null {
  if (!/^DD\d{8,16}$/.test(number)) return null;
  const seed = numberOf(number);
  const [[courier, prefix], [name, model, price]] = [couriers[seed % couriers.length]!, goods[seed % goods.length]!];
  const tracking = `${prefix}${String(seed).padStart(10, '0')}${String(seed % 1_000).padStart(3, '0')}`;
  const bought = new Date(Date.UTC(2026, 0, 1 + (seed % 300))).toISOString().slice(0, 10);
  return {
    orderNo: number, boughtOn: bought, product: { name, model, quantity: 1 + (seed % 3) }, paid: (price * (1 + (seed % 3))).toFixed(2),
    warrantyUntil: `${Number(bought.slice(0, 4)) + 1}${bought.slice(4)}`, shipment: { courier, trackingNo: tracking }, receiver: { address: `安居家园${1 + (seed % 20)}幢${1 + (seed % 3)}单元${(1 + (seed % 18)) * 100 + 1 + (seed % 4)}室` },
  };
}

/** A parcel as Kuaidi100 tells of it; how far it is follows from its number. */
function parcelOf(number: string): Record<string, unknown> {
  const reached = numberOf(number) % steps.length;
  return {
    message: 'ok', nu: number, ischeck: reached === steps.length - 1 ? '1' : '0', status: '200', state: reached === steps.length - 1 ? '3' : reached === 2 ? '5' : '0',
    data: steps.slice(0, reached + 1).map((context, at) => ({ time: `2026-11-${String(18 + at)} 09:${String(10 + at)}:00`, context })).reverse(),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) {
    body += String(part);
    if (body.length > longest) break;
  }
  return body;
}

/**
 * Two small services of another company (示例订单与物流服务), for the demonstration and for tests: orders behind OAuth 2 (`POST /token`, `GET /orders/{number}`, `GET /orders?model=&cursor=`
 * in pages), parcels as Kuaidi100 answers (`POST /poll/query.do`, its sign checked). They listen on this machine only.
 */
export async function startSampleServices(): Promise<SampleServices> {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://sample.example');
    if (asked.has(url.pathname) || asked.size < mostPaths) asked.set(url.pathname, (asked.get(url.pathname) ?? 0) + 1);
    const answer = (status: number, said: unknown) => void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(said));
    bodyOf(request).then((body) => {
      if (url.pathname === '/token') {
        const right = request.headers.authorization === `Basic ${Buffer.from(`${sampleAccess.clientId}:${sampleAccess.clientSecret}`).toString('base64')}` && new URLSearchParams(body).get('grant_type') === 'client_credentials';
        return right ? answer(200, { access_token: hash('sha256', sampleAccess.clientSecret), token_type: 'Bearer', expires_in: 600 }) : answer(401, { error: 'invalid_client' });
      }
      if (url.pathname === '/poll/query.do') {
        const form = new URLSearchParams(body);
        const param = form.get('param') ?? '';
        if (form.get('sign') !== hash('md5', param + sampleAccess.key + sampleAccess.customer).toUpperCase()) return answer(200, { result: false, returnCode: '503', message: '验证签名失败' });
        const { num = '' } = JSON.parse(param) as { num?: string };
        return /^[A-Z]{2}\d{8,}$/.test(num) ? answer(200, parcelOf(num)) : answer(200, { result: false, returnCode: '500', message: '查询无结果，请隔段时间再查' });
      }
      if (request.headers.authorization !== `Bearer ${hash('sha256', sampleAccess.clientSecret)}`) return answer(401, { code: 401, message: 'no token' });
      if (url.pathname === '/orders') {
        const from = Number(url.searchParams.get('cursor') ?? '0') || 0;
        const all = Array.from({ length: 5 }, (_, at) => orderOf(`DD2026110${at}01`));
        return answer(200, { code: 0, data: all.slice(from, from + 2), next: from + 2 < all.length ? String(from + 2) : '' });
      }
      const order = orderOf(decodeURIComponent(url.pathname.replace(/^\/orders\//, '')));
      return order ? answer(200, { code: 0, data: order }) : answer(200, { code: 404, message: '没有这个订单' });
    }).catch(() => answer(400, { code: 400 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`, host, asked,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
