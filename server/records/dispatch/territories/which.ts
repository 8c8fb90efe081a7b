import { isInside } from '../../../../rules/places/territory.ts';
import type { Point } from '../../../../rules/places/distance.ts';
import type { Configuration, ConfiguredTerritory } from '../../organization/configuration.ts';

/** The areas in use that a place lies in (所在区域), the smallest first. */
export const territoriesAt = ({ territories }: Pick<Configuration, 'territories'>, place: Point): ConfiguredTerritory[] => territories.filter(({ shape }) => isInside(shape, place));

/**
 * Whose work something at a place is, where nothing else says so (按区域分派班组): of the smallest area around it that has just one team; null where there is
 * none, as several teams are for a person to choose from.
 */
export function teamAt(configuration: Pick<Configuration, 'territories'>, place: Point): string | null {
  return territoriesAt(configuration, place).find(({ teamIds }) => teamIds.length === 1)?.teamIds[0] ?? null;
}
