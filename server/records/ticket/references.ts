import gcoordModule from 'gcoord';
import type { Location } from '../../../contract/common.ts';
import { isId } from '../../platform/db/uuid.ts';
import { missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import type { Configuration, ConfiguredCategory, ConfiguredType } from '../organization/configuration.ts';

// Its type declarations describe the build for bundlers; what Node loads is one object.
const gcoord = gcoordModule as unknown as { transform(position: [number, number], from: string, to: string): [number, number]; WGS84: string; GCJ02: string; BD09: string };

/** The ticket type a caller named by id or key; the default one when they named none. One that is in use. */
export function findType(configuration: Configuration, named: string | undefined): ConfiguredType {
  if (named === undefined) return configuration.defaultType;
  for (const type of configuration.types.values()) {
    if (type.id !== named && type.key !== named) continue;
    if (!type.active) throw refuseInput('/type', 'reference_inactive', { field: 'type' });
    return type;
  }
  throw refuseInput('/type', 'unknown_reference', { field: 'type' });
}

/** The team a caller named; one that is in use. */
export function findTeam(configuration: Configuration, id: string): { id: string; name: string; departmentId: string } {
  const team = configuration.teams.get(id);
  if (!team) throw refuseInput('/team', 'unknown_reference', { field: 'team' });
  if (!team.active) throw refuseInput('/team', 'reference_inactive', { field: 'team' });
  return team;
}

/** The category a caller named: by id, by path of names, or by its own name when only one bears it. One that is in use, or that the ticket has already. */
export function findCategory(configuration: Configuration, named: string | string[], present: string | null = null): ConfiguredCategory {
  const category = categoryNamed(configuration, named);
  if (!category) throw refuseInput('/category', 'unknown_reference', { field: 'category' });
  if (!category.active && category.id !== present) throw refuseInput('/category', 'reference_inactive', { field: 'category' });
  return category;
}

function categoryNamed(configuration: Configuration, named: string | string[]): ConfiguredCategory | undefined {
  if (typeof named === 'string' && isId(named)) {
    const category = configuration.categories.get(named.toLowerCase());
    if (category) return category;
  } else {
    const path = (typeof named === 'string' ? named.split('/') : named).map((part) => part.trim()).filter(Boolean);
    const all = [...configuration.categories.values()];
    const exact = all.find((category) => category.path.join('/') === path.join('/')) ?? all.find((category) => category.pathEn.join('/') === path.join('/'));
    if (exact) return exact;
    const byName = path.length === 1 ? all.filter((category) => category.active && category.name === path[0]) : [];
    if (byName.length === 1) return byName[0];
  }
  return undefined;
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
