import { isObject } from '../../../rules/conditions/json.ts';
import { isSealedHeader, sealedHeader, type FlowDefinition } from '../../../rules/workflow/definition.ts';
import type { FlowFinding } from '../../../rules/workflow/finding.ts';
import { isOpenHeader, originOf, sealerOf } from '../../platform/egress/sealed-header.ts';
import type { Secrets } from '../../platform/secrets.ts';

/**
 * Headers of a flow's HTTP calls are secrets (请求头密封): what is written is sealed before it is kept, and nobody is shown it again,
 * whoever reads the definition, an older version or a file of it. A sealed value goes to the origin it was written for, and to
 * no other: whoever changes the address has to write it anew, also where there was none yet. Values with {{variables}} are
 * templates, and stay readable for those who manage flows; the others see of a call where it goes, and no more.
 */

interface Sealing { tenantId: string; services: { secrets: Secrets } }
interface Header { name: string; value: string }

const sealer = (secrets: Secrets, tenantId: string) => sealerOf(secrets, `flow header ${tenantId}`, sealedHeader);
const seal = ({ tenantId, services }: Sealing, origin: string, value: string): string => sealer(services.secrets, tenantId).seal(origin, value);
const unseal = (secrets: Secrets, tenantId: string, value: string) => sealer(secrets, tenantId).unseal(value);

/** Each header of each call in anything that may be a definition, replaced or (by null) left out. */
function mapHeaders(definition: unknown, map: (header: Header, call: { node: string; index: number; origin: string }) => Header | null): unknown {
  if (!isObject(definition) || !Array.isArray(definition['nodes'])) return definition;
  return { ...definition, nodes: (definition['nodes'] as unknown[]).map((node) => {
    const action = isObject(node) ? node['action'] : undefined;
    if (!isObject(node) || !isObject(action) || action['do'] !== 'http_call' || !Array.isArray(action['headers'])) return node;
    const headers = (action['headers'] as unknown[]).map((header, index) => {
      if (!isObject(header) || typeof header['name'] !== 'string' || typeof header['value'] !== 'string') return header;
      return map(header as unknown as Header, { node: String(node['id']), index, origin: originOf(action['url']) });
    });
    return { ...node, action: { ...action, headers: headers.filter((header) => header !== null) } };
  }) };
}

/** A definition with what was written into its headers sealed. What says the same as in `before` stays the same text. */
export function sealHeaders(context: Sealing, definition: FlowDefinition, before: readonly (FlowDefinition | null)[] = []): FlowDefinition {
  const kept = new Map<string, string>();
  for (const one of before) {
    mapHeaders(one, (header, { node, origin }) => {
      const was = isSealedHeader(header.value) ? unseal(context.services.secrets, context.tenantId, header.value) : null;
      if (was && was.origin === origin) kept.set(JSON.stringify([node, header.name, origin, was.value]), header.value);
      return header;
    });
  }
  return mapHeaders(definition, (header, { node, origin }) => {
    if (header.value === '' || isSealedHeader(header.value) || header.value.includes('{{') || isOpenHeader(header.name)) return header;
    return { ...header, value: kept.get(JSON.stringify([node, header.name, origin, header.value])) ?? seal(context, origin, header.value) };
  }) as FlowDefinition;
}

/** Headers that were written for another address or for none yet, or under another key: they have to be written anew. */
export function staleHeaders({ tenantId, services }: Sealing, definition: unknown): FlowFinding[] {
  const findings: FlowFinding[] = [];
  mapHeaders(definition, (header, { node, index, origin }) => {
    if (!isSealedHeader(header.value)) return header;
    const was = unseal(services.secrets, tenantId, header.value);
    // Without an address there is nowhere to go: that is found by itself.
    if (!was || (origin !== '' && was.origin !== origin)) findings.push({ level: 'error', node, at: `/action/headers/${index}`, code: 'header_again', params: { name: header.name } });
    return header;
  });
  return findings;
}

/** A definition for those who are to see what it does, and for files: without sealed values (导出不含密钥). */
export function withoutSecrets(definition: FlowDefinition): FlowDefinition {
  return mapHeaders(definition, (header) => (isSealedHeader(header.value) ? null : header)) as FlowDefinition;
}

/**
 * A definition for those who do not manage flows (流程查看): of HTTP calls which system they go to. Paths, queries, headers and
 * bodies may hold keys, and are left out.
 */
export function withoutCallDetails(definition: FlowDefinition): { definition: FlowDefinition; withheld: boolean } {
  let withheld = false;
  const nodes = definition.nodes.map((node) => {
    if (node.kind !== 'action' || node.action.do !== 'http_call') return node;
    const { headers, body, ...action } = node.action;
    const url = `${originOf(action.url)}/`;
    withheld ||= (headers?.length ?? 0) > 0 || body !== undefined || action.url !== url;
    return { ...node, action: { ...action, url } };
  });
  return withheld ? { definition: { ...definition, nodes }, withheld } : { definition, withheld };
}

/** What a header says in a call to this address; null when it was sealed for another one, or cannot be opened. */
export function openHeader(secrets: Secrets, tenantId: string, url: string, value: string): string | null {
  if (!isSealedHeader(value)) return value;
  const was = unseal(secrets, tenantId, value);
  return was && was.origin === originOf(url) ? was.value : null;
}
