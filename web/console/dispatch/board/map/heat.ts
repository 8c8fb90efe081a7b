import * as leaflet from 'leaflet';
import type { Place } from './coordinates.ts';

/** Pixels around a ticket that it warms. */
const reach = 46;

/** Where much work lies open (待办热力): each ticket warms its surroundings, what is warmed by many is hotter. */
export function heatLayer(map: leaflet.Map, project: (place: Place) => [number, number]): { layer: leaflet.Layer; show: (places: readonly Place[]) => void } {
  const pane = map.getPane('heat') ?? map.createPane('heat');
  pane.style.zIndex = '350';
  pane.style.pointerEvents = 'none';
  const canvas = document.createElement('canvas');
  let places: readonly Place[] = [];
  const draw = (): void => {
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    leaflet.DomUtil.setPosition(canvas, corner);
    const density = window.devicePixelRatio || 1;
    canvas.width = size.x * density;
    canvas.height = size.y * density;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.scale(density, density);
    const colour = getComputedStyle(map.getContainer()).getPropertyValue('--map-heat').trim();
    for (const place of places) {
      const { x, y } = map.latLngToContainerPoint(project(place));
      if (x < -reach || y < -reach || x > size.x + reach || y > size.y + reach) continue;
      const gradient = context.createRadialGradient(x, y, 0, x, y, reach);
      gradient.addColorStop(0, `rgb(${colour} / 0.3)`);
      gradient.addColorStop(0.55, `rgb(${colour} / 0.1)`);
      gradient.addColorStop(1, `rgb(${colour} / 0)`);
      context.fillStyle = gradient;
      context.beginPath();
      context.arc(x, y, reach, 0, 2 * Math.PI);
      context.fill();
    }
  };
  const Heat = leaflet.Layer.extend({
    onAdd(this: leaflet.Layer) {
      pane.append(canvas);
      map.on('moveend resize', draw);
      draw();
      return this;
    },
    onRemove(this: leaflet.Layer) {
      canvas.remove();
      map.off('moveend resize', draw);
      return this;
    },
  }) as new () => leaflet.Layer;
  const layer = new Heat();
  return {
    layer,
    show(next) {
      places = next;
      if (map.hasLayer(layer)) draw();
    },
  };
}
