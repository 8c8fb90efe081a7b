import { connectorForms, type ConnectorKind } from '../../../contract/connector.ts';
import type { FieldMapping } from '../../../rules/intake/mapping.ts';
import { needsOf, asksFor, type OpenConnector } from '../../connectors/http/ask.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import type { Secrets } from '../../platform/secrets.ts';

export interface ConnectorRow {
  id: string;
  kind: ConnectorKind;
  name: string;
  active: boolean;
  type_id: string | null;
  settings: Record<string, string>;
  sealed: Buffer | null;
  mapping: FieldMapping[];
  version: number;
  archived_at: Date | null;
  created_at: Date;
}

export const purpose = 'connector';
const columns = 'id, kind, name, active, type_id, settings, sealed, mapping, version, archived_at, created_at';
const find = statement<ConnectorRow>('connector.find', `SELECT ${columns} FROM connector WHERE tenant_id = $1 AND id = $2`);
const lock = statement<ConnectorRow>('connector.lock', `SELECT ${columns} FROM connector WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`);
const list = statement<ConnectorRow>('connector.list', `SELECT ${columns} FROM connector WHERE tenant_id = $1 AND archived_at IS NULL ORDER BY created_at, id`);
const activeOf = statement<ConnectorRow & { tenant_id: string }>('connector.active', `SELECT tenant_id, ${columns} FROM connector WHERE tenant_id = ANY($1::uuid[]) AND active AND archived_at IS NULL`);

export const findConnector = async (transaction: Transaction, id: string): Promise<ConnectorRow | undefined> => (await transaction.query(find, [transaction.tenantId, id]))[0];
export const lockConnector = async (transaction: Transaction, id: string): Promise<ConnectorRow | undefined> => (await transaction.query(lock, [transaction.tenantId, id]))[0];
export const listedConnectors = (transaction: Transaction): Promise<ConnectorRow[]> => transaction.query(list, [transaction.tenantId]);

/** Those in use of several organizations, for a transaction that may look into all of them. */
export const activeConnectors = (transaction: Transaction, tenants: readonly string[]): Promise<(ConnectorRow & { tenant_id: string })[]> => transaction.query(activeOf, [tenants]);

/** The secrets of a connector; null when they were sealed under another key. */
export function secretsOf(secrets: Secrets, row: Pick<ConnectorRow, 'sealed'>): Record<string, string> | null {
  if (!row.sealed) return {};
  const opened = secrets.open(purpose, row.sealed);
  return opened ? JSON.parse(opened.toString()) as Record<string, string> : null;
}

/** A connector with its secrets opened; null when they were sealed under another key. */
export function openConnector(secrets: Secrets, row: ConnectorRow): OpenConnector | null {
  const opened = secretsOf(secrets, row);
  return opened && { kind: row.kind, identity: `${row.id} ${row.version}`, values: { ...row.settings, ...opened } };
}

/** Its settings as they are asked with, secrets aside: what of a ticket they name. */
export const namedBy = (row: Pick<ConnectorRow, 'settings'>): { needs: string[]; asksFor: string[] } => ({ needs: needsOf({ values: row.settings }), asksFor: asksFor({ values: row.settings }) });

export const formOfKind = (kind: ConnectorKind) => connectorForms[kind];
