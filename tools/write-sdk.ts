/** Writes sdk/api.ts, the types of every call, from the OpenAPI document; `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifySwagger from '@fastify/swagger';
import Fastify from 'fastify';
import { describeRoute, documentApi, nameSchemas } from '../server/platform/http/openapi.ts';
import { routes } from '../server/routes.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | Schema[];
  additionalProperties?: boolean | Schema;
  patternProperties?: Record<string, Schema>;
  contentMediaType?: string;
  description?: string;
}
interface Operation {
  summary: string;
  description: string;
  parameters?: { name: string; in: string; required?: boolean; schema: Schema; description?: string }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

const target = join(import.meta.dirname, '../sdk/api.ts');
const document = await openApi();
const text = `// Written by tools/write-sdk.ts from the OpenAPI document. Do not edit.

${Object.entries(document.components.schemas).map(([name, schema]) => `${comment(schema.description, '')}export type ${name} = ${typeOf(schema, '')};\n`).join('\n')}
/** Server-sent events. */
export interface Events { readonly events: true }

/** Every call of the API, by method and path below \`/api/v1\`: what it takes and what it answers. */
export interface Operations {
${Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => describe(method.toUpperCase(), path.replace(/^\/api\/v1/, ''), operation))).join('')}}
`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('sdk/api.ts is not what the API is: run `node tools/write-sdk.ts` and commit it.');
    process.exitCode = 1;
  }
} else writeFileSync(target, text);

/** The document, as the program serves it: made of the same routes by the same means. */
async function openApi(): Promise<{ paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }> {
  const app = Fastify({ routerOptions: { maxParamLength: 500 } });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  await app.register(fastifySwagger, documentApi());
  for (const route of routes) app.route({ method: route.method, url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'), schema: describeRoute(route), exposeHeadRoute: false, handler: async () => {} });
  await app.ready();
  return JSON.parse(JSON.stringify(nameSchemas(app.swagger() as unknown as Record<string, unknown>))) as Awaited<ReturnType<typeof openApi>>;
}

function describe(method: string, path: string, operation: Operation): string {
  const indent = '    ';
  const inPlace = (place: string) => (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  const group = (name: string, parameters: ReturnType<typeof inPlace>): string => {
    if (parameters.length === 0) return '';
    const needed = parameters.some(({ required }) => required === true);
    return `${indent}${name}${needed ? '' : '?'}: {\n${parameters.map((parameter) => `${comment(parameter.description ?? parameter.schema.description, `${indent}  `)}${indent}  ${key(parameter.name)}${parameter.required === true ? '' : '?'}: ${typeOf(parameter.schema, `${indent}  `)};\n`).join('')}${indent}};\n`;
  };
  const [[mediaType, body] = []] = Object.entries(operation.requestBody?.content ?? {});
  const [status = ''] = Object.keys(operation.responses).filter((one) => /^2\d\d$/.test(one));
  const [[produced, answer] = []] = Object.entries(operation.responses[status]?.content ?? {});
  const versioned = inPlace('header').some(({ name }) => name.toLowerCase() === 'if-match');
  return `  /** ${operation.summary.replaceAll('*/', '* /')}. ${operation.description} */
  '${method} ${path}': {
${group('params', inPlace('path'))}${group('query', inPlace('query'))}${body && mediaType ? `${indent}${mediaType === 'multipart/form-data' ? 'form' : 'body'}: ${typeOf(body.schema, indent)};\n` : ''}${versioned ? `${indent}version: number | '*';\n` : ''}${indent}answer: ${answer === undefined || produced === undefined ? 'undefined' : produced === 'application/json' ? typeOf(answer.schema, indent) : produced === 'text/event-stream' ? 'Events' : 'Blob'};
  };
`;
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return [...new Set(several.map((one) => typeOf(one, indent)))].join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => `(${typeOf(one, indent)})`).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((one) => typeOf({ ...schema, type: one }, indent)).join(' | ');
  switch (schema.type) {
    case 'string': return schema.contentMediaType === 'application/octet-stream' ? 'Blob' : 'string';
    case 'integer': case 'number': return 'number';
    case 'boolean': return 'boolean';
    case 'null': return 'null';
    case 'array': return Array.isArray(schema.items) ? `[${schema.items.map((one) => typeOf(one, indent)).join(', ')}]` : `(${typeOf(schema.items ?? {}, indent)})[]`;
    case 'object': return objectOf(schema, indent);
    default: return schema.properties ? objectOf(schema, indent) : 'unknown';
  }
}

function objectOf(schema: Schema, indent: string): string {
  const deeper = `${indent}  `;
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => `${comment(member.description, deeper)}${deeper}${key(name)}${schema.required?.includes(name) ? '' : '?'}: ${typeOf(member, deeper)};\n`);
  const [pattern] = Object.values(schema.patternProperties ?? {});
  const others = pattern ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null);
  if (members.length === 0) return others ? `Record<string, ${typeOf(others, indent)}>` : schema.additionalProperties === false ? 'Record<string, never>' : 'Record<string, unknown>';
  return `{\n${members.join('')}${indent}}${others ? ` & Record<string, ${typeOf(others, indent)}>` : ''}`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function comment(description: string | undefined, indent: string): string {
  return description === undefined || description === '' ? '' : `${indent}/** ${description.replaceAll('*/', '* /').replaceAll('\n', ' ')} */\n`;
}
