import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsModule from 'ajv-formats';
import gcoordModule from 'gcoord';
import type { Location } from '../../../contract/common.ts';
import { describeValidationError, type ValidationError } from '../../../contract/validation.ts';
import type { Context } from '../../platform/context.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import type { Configuration, ConfiguredCategory, ConfiguredType } from '../organization/configuration.ts';

// Its type declarations describe the build for bundlers; what Node loads is one object.
const gcoord = gcoordModule as unknown as { transform(position: [number, number], from: string, to: string): [number, number]; WGS84: string; GCJ02: string; BD09: string };
const addFormats = formatsModule as unknown as (ajv: Ajv2020) => void;
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
const fieldChecks = new WeakMap<ConfiguredType, ReturnType<typeof ajv.compile>>();

/** The ticket type a caller named by id or key; the default one when they named none. */
export function findType(configuration: Configuration, named: string | undefined): ConfiguredType {
  if (named === undefined) return configuration.defaultType;
  for (const type of configuration.types.values()) if (type.id === named || type.key === named) return type;
  throw refuseInput('/type', 'unknown_reference', { field: 'type' });
}

/** The category a caller named: by id, by path of names, or by its own name when only one bears it. */
export function findCategory(configuration: Configuration, named: string | string[]): ConfiguredCategory {
  if (typeof named === 'string' && isId(named)) {
    const category = configuration.categories.get(named.toLowerCase());
    if (category) return category;
  } else {
    const path = (typeof named === 'string' ? named.split('/') : named).map((part) => part.trim()).filter(Boolean);
    const all = [...configuration.categories.values()];
    const exact = all.find((category) => category.path.join('/') === path.join('/')) ?? all.find((category) => category.pathEn.join('/') === path.join('/'));
    if (exact) return exact;
    const byName = path.length === 1 ? all.filter((category) => category.name === path[0]) : [];
    if (byName.length === 1) return byName[0]!;
  }
  throw refuseInput('/category', 'unknown_reference', { field: 'category' });
}

/** Refuses fields that the type does not have or that do not fit it (自定义字段校验). */
export function ensureFields(type: ConfiguredType, fields: Record<string, unknown>, context: Pick<Context, 'language'>): void {
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(type.fields, name));
  if (unknown !== undefined) throw refuseInput(`/fields/${unknown}`, 'unknown_field', { type: { zh: type.name, en: type.nameEn ?? type.name }, field: unknown });
  let check = fieldChecks.get(type);
  if (!check) {
    check = ajv.compile({ type: 'object', properties: type.fields, additionalProperties: false });
    fieldChecks.set(type, check);
  }
  if (check(fields)) return;
  throw new Refusal('invalid_input', {}, {
    errors: (check.errors ?? []).slice(0, 20).map((error) => {
      const described = describeValidationError(error as ValidationError, context.language);
      return { ...described, path: `/fields${described.path}` };
    }),
  });
}

export interface StoredPlace {
  address: string | null;
  lat: number | null;
  lng: number | null;
}

/**
 * A place in WGS-84 (坐标统一): GCJ-02 and BD-09, which lie hundreds of metres off, are converted. A latitude without
 * a longitude says nothing and is refused.
 */
export function toStoredPlace(location: Location | null | undefined): StoredPlace {
  if (!location) return { address: null, lat: null, lng: null };
  const lat = location.lat ?? null;
  const lng = location.lng ?? null;
  const address = location.address?.trim() || null;
  if ((lat === null) !== (lng === null)) {
    throw missingInput(lat === null ? '/location/lat' : '/location/lng');
  }
  if (lat === null || lng === null || (location.crs ?? 'WGS84') === 'WGS84') return { address, lat, lng };
  const [convertedLng, convertedLat] = gcoord.transform([lng, lat], location.crs === 'GCJ02' ? gcoord.GCJ02 : gcoord.BD09, gcoord.WGS84);
  return { address, lat: Number(convertedLat.toFixed(6)), lng: Number(convertedLng.toFixed(6)) };
}
