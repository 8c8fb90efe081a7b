import { localDay } from '../../platform/clock/clock.ts';
import { statement, type Database } from '../../platform/db/database.ts';

const lease = statement<{ first: number }>('number_block.lease', `
  INSERT INTO number_block (tenant_id, day, next_value) VALUES ($1, $2, $3 + 1)
  ON CONFLICT (tenant_id, day) DO UPDATE SET next_value = number_block.next_value + $3
  RETURNING next_value - $3 AS first`);

interface Block {
  tenantId: string;
  day: string;
  next: number;
  end: number;
  size: number;
  leasedAt: number;
  leasing: Promise<void> | null;
}

const blocks = new WeakMap<Database, Map<string, Block[]>>();
const largestBlock = 500;
const busyMilliseconds = 2_000;

/**
 * The next ticket number of an organization (工单编号), `20261121-00042`: the local day and a count within it. Numbers
 * come from blocks leased in a transaction of their own, so that creating tickets never queues on one row. A lease
 * starts with a single number and doubles while numbers are asked for quickly: quiet organizations have no gaps to
 * speak of, busy ones write seldom. What a stopped program had leased and not used is skipped.
 */
export async function nextNumber(database: Database, tenantId: string, now: Date, timeZone: string): Promise<string> {
  const day = localDay(now, timeZone);
  const block = blockOf(database, tenantId, day);
  for (;;) {
    if (block.next < block.end) {
      const value = block.next;
      block.next += 1;
      return `${day.replaceAll('-', '')}-${String(value).padStart(5, '0')}`;
    }
    block.leasing ??= renew(database, block, now.getTime());
    await block.leasing;
  }
}

/** Around midnight requests of both days are under way; a day's block goes with the day after the next. */
function blockOf(database: Database, tenantId: string, day: string): Block {
  const mine = blocks.get(database) ?? new Map<string, Block[]>();
  blocks.set(database, mine);
  const ofTenant = mine.get(tenantId) ?? [];
  const present = ofTenant.find((block) => block.day === day);
  if (present) return present;
  const block: Block = { tenantId, day, next: 0, end: 0, size: 0, leasedAt: 0, leasing: null };
  mine.set(tenantId, [...ofTenant, block].sort((a, b) => (a.day < b.day ? -1 : 1)).slice(-2));
  return block;
}

async function renew(database: Database, block: Block, at: number): Promise<void> {
  const size = block.size > 0 && at - block.leasedAt < busyMilliseconds ? Math.min(block.size * 2, largestBlock) : 1;
  try {
    const [row] = await database.transact(block.tenantId, (transaction) => transaction.query(lease, [block.tenantId, block.day, size]));
    Object.assign(block, { next: row!.first, end: row!.first + size, size, leasedAt: at });
  } finally {
    block.leasing = null;
  }
}
