import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CreateReport, PortalHome, ReportCreated } from '../../../contract/portal.ts';
import { asProblem, type ApiProblem } from '../../ui/api.ts';
import { goTo } from '../address.ts';
import { controlId, nothingFilled, refuse, type Filling } from '../../ui/form/held.ts';
import { postOnce } from '../post.ts';
import { categoryName } from '../home.tsx';
import { AssetCard, SiteCard } from '../parts/asset-card.tsx';
import { Field, focusField } from '../parts/field.tsx';
import { Icon } from '../parts/icons.tsx';
import { Problem } from '../parts/notice.tsx';
import { createPhotoList, PhotoPicker } from '../parts/photos.tsx';
import { addSentReport, remember, rememberedContact } from '../storage.ts';
import { say, spoken } from '../texts/say.ts';
import { checkReport, type ReportErrors } from './check.ts';
import { forgetDraft, keepDraft, recallDraft, type FieldFile, type ReportDraft } from './draft.ts';
import { Narrow, partOf, useBelow } from './narrow.tsx';
import { PlaceField } from './place-field.tsx';

/** Describes the problem and sends it (报修表单). */
export function Report({ home, category, assetToken }: { home: PortalHome; category: string | null; assetToken: string | null }) {
  const slug = home.organization.slug;
  const [recalled] = useState(() => recallDraft(slug, Date.now()));
  const draft = useSignal<ReportDraft>(recalled.draft);
  const [list] = useState(() => createPhotoList(`/portal/${encodeURIComponent(slug)}/files`, recalled.photos));
  const [restored, setRestored] = useState(recalled.restored);
  const [contactOpen, setContactOpen] = useState(recalled.draft.phone === '');
  const [errors, setErrors] = useState<ReportErrors>({});
  const [sending, setSending] = useState<'no' | 'photos' | 'report'>('no');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const sent = useRef(false);
  const type = home.types.find((one) => one.id === draft.value.type) ?? home.types[0];
  const asks = type !== undefined && type.form.fields.length > 0;
  // What draws and checks a type's own fields is fetched where there are any.
  const [own, setOwn] = useState<typeof import('./own-fields.tsx') | null>(null);
  const fetchOwn = async (): Promise<typeof own> => {
    try {
      const fetched = await import('./own-fields.tsx');
      setOwn(fetched);
      return fetched;
    } catch (error) {
      setProblem(asProblem(error));
      return null;
    }
  };
  useEffect(() => {
    if (asks) void fetchOwn();
  }, [asks]);
  // Not a state: what a press has put off is laid upon what stands by then.
  const told = useSignal<Filling>(nothingFilled);
  const filling: Filling = { ...told.value, held: draft.value.fields };

  useSignalEffect(() => {
    const now = draft.value;
    const photos = list.photos.value;
    if (!sent.current) keepDraft(slug, now, photos);
  });

  const change = (part: Partial<ReportDraft>): void => {
    draft.value = { ...draft.value, ...part };
    // What was marked is looked at again as it is typed, but nothing new is marked meanwhile.
    const open = checkReport(draft.value);
    setErrors((before) => ({
      ...(before.description !== undefined && open.description !== undefined ? { description: open.description } : {}),
      ...(before.phone !== undefined && open.phone !== undefined ? { phone: open.phone } : {}),
    }));
  };

  const fileTarget = {
    uploadPath: `/portal/${encodeURIComponent(slug)}/files`, type: type?.id ?? '', files: draft.value.fieldFiles,
    onFile: (id: string, file: FieldFile) => change({ fieldFiles: { ...draft.value.fieldFiles, [id]: file } }),
  };

  const chosen = home.categories.find((one) => one.id === category) ?? null;
  const below = useBelow(slug, chosen);
  const { description, address, position, name, phone } = draft.value;

  async function send(): Promise<void> {
    const found = checkReport(draft.value);
    setErrors(found);
    setProblem(null);
    const first = (['description', 'phone'] as const).find((field) => found[field] !== undefined);
    if (first !== undefined) {
      if (first === 'phone') setContactOpen(true);
      setTimeout(() => focusField(first));
      return;
    }
    let answers: Record<string, unknown> = {};
    let fields = own;
    if (asks) {
      // On a slow line they may not be there yet: the press counts all the same.
      setSending(fields === null ? 'report' : 'photos');
      fields ??= await fetchOwn();
      const stuck = await fields?.settleFiles(fileTarget);
      setSending('no');
      if (fields === null) return;
      if (stuck !== undefined) {
        setTimeout(() => focusField(stuck));
        return;
      }
      const read = fields.readAnswers(type.form, filling, draft.value.fieldFiles, home.organization.timeZone);
      told.value = { ...told.value, tried: true };
      if (read.wrong !== undefined) {
        const { wrong } = read;
        setTimeout(() => focusField(wrong));
        return;
      }
      answers = read.answers;
    }
    setSending('photos');
    const uploads = await list.tokens();
    if (uploads === null) {
      setSending('no');
      setProblem(list.photos.value.find((photo) => photo.problem !== null)?.problem ?? null);
      return;
    }
    setSending('report');
    const report: CreateReport = {
      description: description.trim(),
      contact: { phone: phone.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) },
      ...(chosen === null ? {} : { category: partOf(below, draft.value.category) ?? chosen.id }),
      ...(address.trim() === '' && position === null ? {} : { location: { ...(address.trim() === '' ? {} : { address: address.trim() }), ...(position === null ? {} : { lat: position.lat, lng: position.lng }) } }),
      ...(uploads.length === 0 ? {} : { uploads }),
      ...(assetToken === null ? {} : { assetToken }),
      ...(type === undefined || type === home.types[0] ? {} : { type: type.id }),
      ...(Object.keys(answers).length === 0 ? {} : { fields: answers }),
    };
    try {
      const created = await postOnce<ReportCreated>(`/portal/${encodeURIComponent(slug)}/reports`, report);
      sent.current = true;
      fields?.forgetFiles();
      forgetDraft(slug);
      remember('contact', { name: name.trim(), phone: phone.trim(), address: address.trim() });
      addSentReport(slug, { number: created.number, token: created.token, subject: report.description.slice(0, 60), at: new Date().toISOString() });
      goTo(`#sent/${encodeURIComponent(created.token)}`, { replace: true });
    } catch (error) {
      setProblem(asProblem(error));
      told.value = refuse(told.value, asProblem(error).errors);
      const [refused] = Object.keys(told.value.refused);
      if (refused !== undefined) setTimeout(() => focusField(controlId(refused)));
      setSending('no');
    }
  }

  function clear(): void {
    list.clear();
    own?.forgetFiles();
    draft.value = { description: '', position: null, category: null, type: null, fields: {}, fieldFiles: {}, ...rememberedContact() };
    told.value = nothingFilled;
    setErrors({});
    setProblem(null);
    setRestored(false);
    focusField('description');
  }

  const count = Object.keys(errors).length;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (sending === 'no') void send();
      }}
    >
      {/* What is typed while it is being sent would be lost. */}
      <fieldset class="form-body" disabled={sending !== 'no'}>
        <h1 class="title" tabIndex={-1}>{chosen === null ? say('report.title') : categoryName(chosen)}</h1>
        {home.asset !== null && <AssetCard asset={home.asset} />}
        {home.site !== null && <SiteCard site={home.site} />}
        {restored && (
          <p class="restored" role="status">
            {recalled.lostPhotos > 0 ? say('report.photosLost', { count: recalled.lostPhotos }) : say('report.kept')}
            <button type="button" class="text-button" onClick={clear}>{say('report.clear')}</button>
          </p>
        )}
        {chosen?.deeper === true && <Narrow below={below} value={draft.value.category} onChange={(narrowed) => change({ category: narrowed })} />}
        <Field label={say('report.description')} name="description" rows={4} autoFocus={!restored && chosen?.deeper !== true} value={description} placeholder={say('report.placeholder')} onInput={(value) => change({ description: value })} error={errors.description === undefined ? undefined : say(errors.description)} maxLength={20_000} />
        {home.types.length > 1 && (
          <div class="field">
            <label for="type">{say('report.type')}</label>
            <span class="select">
              <select id="type" class="input" value={type?.id} onChange={(event) => { own?.forgetFiles(); change({ type: event.currentTarget.value, fields: {}, fieldFiles: {} }); told.value = nothingFilled; }}>
                {home.types.map((one) => <option key={one.id} value={one.id}>{spoken.value === 'en' && one.nameEn !== null ? one.nameEn : one.name}</option>)}
              </select>
              <Icon name="down" size={20} />
            </span>
          </div>
        )}
        {asks && own !== null && (
          <own.OwnFields
            key={type.id}
            form={type.form}
            filling={filling}
            timeZone={home.organization.timeZone}
            {...fileTarget}
            onChange={(step) => {
              const next = step({ ...told.value, held: draft.value.fields });
              told.value = next;
              if (next.held !== draft.value.fields) change({ fields: { ...next.held } });
            }}
          />
        )}
        <fieldset class="field">
          <legend>{say('report.photos')}<span class="field-optional">{say('report.optional')}</span></legend>
          <p class="field-hint">{say('report.photosHint')}</p>
          <PhotoPicker list={list} />
        </fieldset>
        <PlaceField address={address} position={position} onChange={change} />
        {contactOpen ? (
          <div class="contact-fields">
            <Field label={say('report.phone')} name="phone" type="tel" inputMode="tel" autoComplete="tel" value={phone} hint={say('report.phoneHint')} onInput={(value) => change({ phone: value })} error={errors.phone === undefined ? undefined : say(errors.phone)} maxLength={30} />
            <Field label={say('report.name')} name="name" autoComplete="name" optional value={name} placeholder={say('report.namePlaceholder')} onInput={(value) => change({ name: value })} maxLength={100} />
          </div>
        ) : (
          <div class="contact">
            <Icon name="service" size={22} />
            <p>
              <span class="contact-label">{say('report.contact')}</span>
              {[name, phone].filter((part) => part !== '').join(' · ')}
            </p>
            <button type="button" class="text-button" onClick={() => setContactOpen(true)}>{say('report.contactChange')}</button>
          </div>
        )}
      </fieldset>
      <div class="send-bar">
        <Problem error={problem} />
        <p class="send-summary" role="alert">{count > 0 ? say('report.summary', { count }) : ''}</p>
        <button type="submit" class="button button-main button-wide" disabled={sending !== 'no'}>
          {sending === 'photos' ? say('report.uploading') : sending === 'report' ? say('report.sending') : say('report.send')}
        </button>
      </div>
    </form>
  );
}
