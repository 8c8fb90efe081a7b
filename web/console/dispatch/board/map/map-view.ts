import * as leaflet from 'leaflet';
import 'leaflet/dist/leaflet.css';
import type { MapTiles } from '../../../../../contract/map.ts';
import type { Shape } from '../../../../../rules/places/territory.ts';
import { putBase } from './base.ts';
import { clustersOf } from './clusters.ts';
import { onTiles, type Place } from './coordinates.ts';
import { heatLayer } from './heat.ts';

/** A ticket nobody was sent to yet, on the map. */
export interface OpenSpot {
  id: string;
  place: Place;
  priority: string;
  label: string;
}

/** What somebody does that day, on the map (路线). */
export interface MapRoute {
  id: string;
  name: string;
  /** Which of the colours of routes; the same person has the same one everywhere. */
  colour: number;
  /** Where they set out from. */
  home: Place | null;
  /** Where they are now, and whether that is fresh. */
  position: { place: Place; fresh: boolean; label: string } | null;
  stops: readonly { key: string; ticketId: string; place: Place; label: string; late: boolean; done: boolean }[];
}

export interface MapModel {
  open: readonly OpenSpot[];
  routes: readonly MapRoute[];
  /** The technician whose way is looked at; the others' step back. */
  /** Areas that are served, lightly under all else. */
  areas: readonly { id: string; name: string; color: string; shape: Shape }[];
  chosenRoute: string | null;
  chosenTicket: string | null;
  heat: boolean;
  lines: boolean;
}

export interface MapCallbacks {
  onTicket: (ticketId: string) => void;
  onTechnician: (id: string | null) => void;
  /** A pin of an open ticket is pressed: it may be dragged away. */
  onPress: (ticketId: string, event: PointerEvent) => void;
  words: { cluster: (count: number) => string };
}

export interface MapView {
  update: (model: MapModel) => void;
  /** Brings into sight all that is shown. */
  fit: () => void;
  /** Nearer, or farther when negative, by so many steps. */
  zoom: (steps: number) => void;
  /** After the room it has has changed. */
  resize: () => void;
  close: () => void;
}

const clusterDistance = 44;
/** So near one looks at most when all is brought into sight. */
const nearestFit = 15;
/** Where there are more ways than this, none of them is drawn boldly before one is chosen; beyond the second, none at all. */
const [manyRoutes, tooManyRoutes] = [8, 40];
const middle: [number, number] = [30.2741, 120.1551];

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Opens the map of the day in an element (调度地图). It draws what it is given, on tiles or on the quiet base (`base.ts`). By keys it is moved
 * and zoomed; hundreds of pins are no stops of the tab key: each of them stands in a list beside it, too.
 */
export function openMap(element: HTMLElement, tiles: MapTiles | null, { onTicket, onTechnician, onPress, words }: MapCallbacks): MapView {
  const map = leaflet.map(element, { zoomControl: false, attributionControl: tiles !== null, zoomSnap: 0.25, zoomDelta: 0.5, maxZoom: tiles?.maxZoom ?? 18, minZoom: 3, preferCanvas: true, fadeAnimation: false, zoomAnimation: !matchMedia('(prefers-reduced-motion: reduce)').matches, keyboard: true });
  map.setView(middle, 11);
  leaflet.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
  putBase(map, tiles);
  const system = tiles?.system ?? 'WGS84';
  const at = (place: Place): [number, number] => onTiles(place, system);
  const areas = leaflet.layerGroup().addTo(map);
  const routes = leaflet.layerGroup().addTo(map);
  const people = leaflet.layerGroup().addTo(map);
  const pins = leaflet.layerGroup().addTo(map);
  const heat = heatLayer(map, at);
  const canvas = leaflet.canvas({ padding: 0.3, tolerance: 6 });
  let model: MapModel = { open: [], routes: [], areas: [], chosenRoute: null, chosenTicket: null, heat: false, lines: true };

  function mark(place: Place, html: string, size: [number, number], title: string, extra: leaflet.MarkerOptions = {}): leaflet.Marker {
    return leaflet.marker(at(place), { icon: leaflet.divIcon({ html, className: '', iconSize: size, iconAnchor: [size[0] / 2, size[1] / 2] }), title, alt: title, keyboard: false, riseOnHover: true, ...extra });
  }

  function drawAreas(): void {
    areas.clearLayers();
    const style = getComputedStyle(element);
    for (const area of model.areas) {
      const layer = leaflet.polygon(area.shape.map((polygon) => polygon.map((ring) => ring.map(([lng, lat]) => at({ lat, lng })))), { renderer: canvas, color: style.getPropertyValue(`--area-${area.color}`).trim(), weight: 1.5, opacity: 0.8, fillOpacity: 0.07, bubblingMouseEvents: true });
      layer.bindTooltip(escaped(area.name), { sticky: true, className: 'map-words' });
      areas.addLayer(layer);
    }
  }

  function drawPins(): void {
    pins.clearLayers();
    const bounds = map.getBounds().pad(0.15);
    const near = model.open.filter(({ place }) => bounds.contains(at(place)));
    for (const { items, x, y } of clustersOf(near, ({ place }) => map.latLngToLayerPoint(at(place)), clusterDistance)) {
      const [first] = items;
      if (items.length === 1 && first) {
        const pin = mark(first.place, `<span class="map-pin" data-priority="${first.priority}"${first.id === model.chosenTicket ? ' data-chosen' : ''}></span>`, [26, 26], first.label, { zIndexOffset: 400 });
        pin.on('click', () => onTicket(first.id));
        pin.addTo(pins);
        pin.getElement()?.addEventListener('pointerdown', (event) => {
          if (event.button !== 0) return;
          leaflet.DomEvent.stop(event);
          onPress(first.id, event);
        });
      } else {
        const urgent = items.some(({ priority }) => priority === 'urgent');
        const cluster = leaflet.marker(map.layerPointToLatLng([x, y]), { icon: leaflet.divIcon({ html: `<span class="map-cluster"${urgent ? ' data-urgent' : ''}>${items.length}</span>`, className: '', iconSize: [34, 34], iconAnchor: [17, 17] }), title: words.cluster(items.length), keyboard: false, zIndexOffset: 300 });
        cluster.on('click', () => {
          const area = leaflet.latLngBounds(items.map(({ place }) => at(place)));
          if (map.getZoom() >= map.getMaxZoom() || area.getNorthEast().equals(area.getSouthWest())) onTicket(items[0]!.id);
          else map.fitBounds(area.pad(0.3), { maxZoom: Math.min(map.getMaxZoom(), map.getZoom() + 3) });
        });
        cluster.addTo(pins);
      }
    }
  }

  function drawRoutes(): void {
    routes.clearLayers();
    people.clearLayers();
    const style = getComputedStyle(element);
    const colourOf = (route: MapRoute): string => style.getPropertyValue(`--route-${route.colour + 1}`).trim();
    const crowded = model.routes.length > manyRoutes;
    const halo = style.getPropertyValue('--surface').trim();
    const chosen = model.routes.find(({ id }) => id === model.chosenRoute) ?? null;
    for (const route of chosen === null ? model.routes : [...model.routes.filter((one) => one !== chosen), chosen]) {
      const own = route === chosen;
      const quiet = chosen !== null && !own;
      const colour = colourOf(route);
      const way = [...(route.home === null ? [] : [route.home]), ...route.stops.map(({ place }) => place)].map(at);
      if ((own || (model.lines && model.routes.length <= tooManyRoutes)) && way.length > 1) {
        if (own) routes.addLayer(leaflet.polyline(way, { renderer: canvas, color: halo, weight: 8, opacity: 0.9, interactive: false }));
        const line = leaflet.polyline(way, { renderer: canvas, color: colour, weight: own ? 4 : crowded ? 2 : 2.5, opacity: quiet ? 0.16 : own ? 1 : crowded ? 0.38 : 0.65 });
        line.on('click', () => onTechnician(route.id));
        line.bindTooltip(escaped(route.name), { sticky: true, className: 'map-words' });
        routes.addLayer(line);
      }
      if (route.home !== null && (own || (model.lines && model.routes.length <= tooManyRoutes))) routes.addLayer(leaflet.circleMarker(at(route.home), { renderer: canvas, radius: own ? 5 : 3, color: colour, weight: 2, fillColor: halo, fillOpacity: 1, opacity: quiet ? 0.3 : 1, interactive: false }));
      for (const [index, stop] of route.stops.entries()) {
        if (own) {
          const pin = mark(stop.place, `<span class="map-stop"${stop.late ? ' data-late' : ''}${stop.done ? ' data-done' : ''} style="--stop-colour:${colour}">${index + 1}</span>`, [24, 24], `${index + 1} · ${stop.label}`, { zIndexOffset: 500 });
          pin.on('click', () => onTicket(stop.ticketId));
          people.addLayer(pin);
        } else {
          const dot = leaflet.circleMarker(at(stop.place), { renderer: canvas, radius: model.routes.length > tooManyRoutes ? 3 : 4.5, color: halo, weight: model.routes.length > tooManyRoutes ? 0.5 : 1.5, fillColor: colour, fillOpacity: quiet ? 0.3 : 1, opacity: quiet ? 0.3 : 1 });
          dot.on('click', () => onTicket(stop.ticketId));
          dot.bindTooltip(escaped(`${route.name} · ${stop.label}`), { className: 'map-words' });
          routes.addLayer(dot);
        }
      }
      if (route.position !== null) {
        const person = mark(route.position.place, `<span class="map-person" data-person="${route.id}"${route.position.fresh ? '' : ' data-stale'}${quiet ? ' data-quiet' : ''} style="--stop-colour:${colour}">${escaped(route.name.slice(0, 1))}</span>`, [30, 30], route.position.label, { zIndexOffset: 200 });
        person.on('click', () => onTechnician(own ? null : route.id));
        people.addLayer(person);
      }
    }
  }

  map.on('moveend', drawPins);
  map.on('click', () => onTechnician(null));

  function fit(): void {
    const places = [...model.open.map(({ place }) => place), ...model.routes.flatMap((route) => (route.stops.length === 0 ? [] : route.stops.map(({ place }) => place))), ...model.routes.flatMap(({ position }) => (position === null ? [] : [position.place]))];
    const chosen = model.routes.find(({ id }) => id === model.chosenRoute);
    const shown = chosen === undefined || chosen.stops.length === 0 ? places : [...(chosen.home === null ? [] : [chosen.home]), ...chosen.stops.map(({ place }) => place)];
    if (shown.length > 0) map.fitBounds(leaflet.latLngBounds(shown.map(at)), { padding: [26, 26], maxZoom: nearestFit, animate: false });
  }

  /** The way that was chosen is brought into sight where it is not. */
  function lookAtChosen(): void {
    const chosen = model.routes.find(({ id }) => id === model.chosenRoute);
    const bounds = map.getBounds();
    if (chosen !== undefined && chosen.stops.some(({ place }) => !bounds.contains(at(place)))) fit();
  }

  return {
    update(next) {
      const before = model;
      model = next;
      if (before.areas !== next.areas) drawAreas();
      if (before.routes !== next.routes || before.chosenRoute !== next.chosenRoute || before.lines !== next.lines) drawRoutes();
      if (next.chosenRoute !== null && before.chosenRoute !== next.chosenRoute) lookAtChosen();
      if (before.open !== next.open || before.chosenTicket !== next.chosenTicket) {
        drawPins();
        heat.show(next.open.map(({ place }) => place));
      }
      if (next.heat !== map.hasLayer(heat.layer)) {
        if (next.heat) heat.layer.addTo(map);
        else heat.layer.remove();
      }
    },
    fit,
    zoom: (steps) => void map.setZoom(map.getZoom() + steps),
    resize: () => map.invalidateSize({ animate: false }),
    close: () => map.remove(),
  };
}
