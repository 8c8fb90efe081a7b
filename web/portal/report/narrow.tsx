import { useEffect, useState } from 'preact/hooks';
import type { PortalCategories, PortalHome } from '../../../contract/portal.ts';
import { api } from '../../ui/api.ts';
import { categoryName } from '../home.tsx';
import { Icon } from '../parts/icons.tsx';
import { say } from '../texts/say.ts';

type Below = PortalCategories['items'];
type Named = Pick<Below[number], 'id' | 'name' | 'nameEn'>;

/** What lies below a category; undefined while it is on its way, empty where it cannot be had: a request is complete without. */
export function useBelow(organization: string, category: PortalHome['categories'][number] | null): Below | undefined {
  const [below, setBelow] = useState<Below>();
  const id = category?.deeper === true ? category.id : null;
  useEffect(() => {
    if (id === null) return;
    void api.get<PortalCategories>(`/portal/${encodeURIComponent(organization)}/categories/${id}`).then(({ data }) => setBelow(data.items), () => setBelow([]));
  }, [organization, id]);
  return below;
}

/** What was chosen, where it still lies below; a draft may be of another category, or of yesterday. */
export function partOf(below: Below | undefined, chosen: string | null): string | null {
  return below?.some((one) => one.id === chosen || one.items.some((two) => two.id === chosen)) === true ? chosen : null;
}

/** Says more exactly what it is about, a step at a time and only as far as one likes (细分类). */
export function Narrow({ below, value, onChange }: { below: Below | undefined; value: string | null; onChange: (id: string | null) => void }) {
  if (below?.length === 0) return null;
  const second = below?.find((one) => one.id === value || one.items.some((two) => two.id === value));
  const third = second?.items.find((one) => one.id === value);
  return (
    <fieldset class="field">
      <legend>{say('report.narrow')}<span class="field-optional">{say('report.optional')}</span></legend>
      <Step options={below ?? []} chosen={second} onChange={(one) => onChange(one?.id ?? null)} />
      {second !== undefined && second.items.length > 0 && (
        <div role="group" aria-label={say('report.narrowMore')}>
          <Step options={second.items} chosen={third} onChange={(one) => onChange(one?.id ?? second.id)} />
        </div>
      )}
    </fieldset>
  );
}

/** One level: all of it to choose from, or the one that was chosen, which a press puts back. */
function Step({ options, chosen, onChange }: { options: readonly Named[]; chosen: Named | undefined; onChange: (one: Named | null) => void }) {
  return (
    <p class="picks">
      {(chosen === undefined ? options : [chosen]).map((one) => (
        <button key={one.id} type="button" class="pick" aria-pressed={one === chosen} aria-label={one === chosen ? say('report.unpick', { name: categoryName(one) }) : undefined} onClick={() => onChange(one === chosen ? null : one)}>
          {categoryName(one)}
          {one === chosen && <Icon name="cross" size={16} />}
        </button>
      ))}
    </p>
  );
}
