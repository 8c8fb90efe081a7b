import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Services } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';

/** Addresses for those who run the program (运维接口): is it alive, is it ready, how is it doing. */
export function addOperations(app: FastifyInstance, services: Pick<Services, 'database' | 'hub'>, isReady: () => boolean): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'bihuan_http_seconds', help: 'Time to answer, by route and status class', labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5], registers: [registry],
  });
  const faults = new Counter({ name: 'bihuan_http_faults_total', help: 'Answers of status 500 and above', registers: [registry] });
  new Gauge({ name: 'bihuan_feed_receivers', help: 'Open server-sent event streams', registers: [registry], collect() { this.set(services.hub.receivers); } });
  new Gauge({
    name: 'bihuan_database_connections', help: 'Connections of the pool', labelNames: ['state'], registers: [registry],
    collect() {
      const { idle, busy, waiting } = services.database.statistics;
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'busy' }, busy);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    duration.observe({ method: request.method, route: request.routeOptions.url ?? 'none', status: `${Math.floor(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 500) faults.inc();
  });

  const hidden = { schema: { hide: true }, config: { rateLimit: false as const } };
  app.get('/healthz', hidden, async () => ({ status: 'alive' }));
  app.get('/readyz', hidden, async () => {
    if (!isReady()) throw new Refusal('not_ready');
    await services.database.ping().catch(() => {
      throw new Refusal('not_ready', {}, { details: { detail: 'the database does not answer' } });
    });
    return { status: 'ready' };
  });
  app.get('/metrics', hidden, async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
