import { useQuery } from '@tanstack/react-query';
import { Select, Input } from 'antd';
import { textFormats, type Column, type FieldDefinition, type Form } from '../../../../rules/forms/form.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { teams } from '../../data/records.ts';
import { useTexts } from '../../i18n.ts';
import { localName } from '../../parts/names.ts';
import { useSettingsTexts } from '../settings-texts.ts';
import { FormulaEditor } from './formula-editor.tsx';
import { OptionsEditor } from './options-editor.tsx';
import { NumberProperty, Property, SelectProperty, SwitchProperty, TextProperty, WordsProperty, type Setter } from './property-controls.tsx';
import styles from './designer.module.css';

const moneyCodes = ['CNY', 'USD', 'EUR', 'HKD', 'JPY', 'GBP', 'SGD', 'TWD', 'KRW', 'AUD'];

type Props = { field: FieldDefinition | Column; form: Form; columns?: readonly Column[]; errors: Readonly<Record<string, string>>; published: ReadonlySet<string>; set: Setter };

/** What only fields of one kind have (类型设置): limits, options, formulas, defaults. */
export function KindProperties({ field, form, columns, errors, published, set }: Props) {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const teamList = useQuery(teams);
  const shared = { errors, set };
  switch (field.kind) {
    case 'text': case 'long_text':
      return (
        <>
          {field.kind === 'text' && (
            <>
              <SelectProperty {...shared} text="property.format" name="format" value={field.format} options={textFormats.map((format) => ({ value: format, label: say(`format.${format}`) }))} />
              <TextProperty {...shared} text="property.mask" name="mask" value={field.mask} hint={say('property.maskHint')} mono />
            </>
          )}
          <div className={styles.two}>
            <NumberProperty {...shared} text="property.minLength" name="minLength" value={field.minLength} min={0} />
            <NumberProperty {...shared} text="property.maxLength" name="maxLength" value={field.maxLength} min={1} />
          </div>
          <TextProperty {...shared} text="property.default" name="default" value={field.default} />
          <WordsProperty {...shared} text="property.placeholder" textEn="options.nameEn" name="placeholder" value={field.placeholder} />
        </>
      );
    case 'number':
      return (
        <>
          <div className={styles.two}>
            <NumberProperty {...shared} text="property.min" name="min" value={field.min} />
            <NumberProperty {...shared} text="property.max" name="max" value={field.max} />
            <NumberProperty {...shared} text="property.decimals" name="decimals" value={field.decimals} min={0} max={6} />
            <NumberProperty {...shared} text="property.default" name="default" value={field.default} />
          </div>
          <WordsProperty {...shared} text="property.unit" textEn="property.unitEn" name="unit" value={field.unit} />
        </>
      );
    case 'money':
      return (
        <>
          <SelectProperty {...shared} multiple text="property.currencies" name="currencies" value={field.currencies} options={moneyCodes.map((code) => ({ value: code, label: code }))} />
          <div className={styles.two}>
            <NumberProperty {...shared} text="property.min" name="min" value={field.min} hint={say('property.minor')} />
            <NumberProperty {...shared} text="property.max" name="max" value={field.max} hint={say('property.minor')} />
          </div>
        </>
      );
    case 'date': case 'date_time':
      return (
        <>
          <div className={styles.two}>
            <TextProperty {...shared} text="property.min" name="min" value={field.min} />
            <TextProperty {...shared} text="property.max" name="max" value={field.max} hint={say('property.dayHint')} />
          </div>
          {field.kind === 'date' ? <TextProperty {...shared} text="property.default" name="default" value={field.default} hint={say('property.dayHint')} /> : <SelectProperty {...shared} text="property.default" name="default" value={field.default} options={[{ value: 'now', label: say('property.now') }]} />}
        </>
      );
    case 'time':
      return (
        <div className={styles.two}>
          <TextProperty {...shared} text="property.min" name="min" value={field.min} />
          <TextProperty {...shared} text="property.max" name="max" value={field.max} />
          <NumberProperty {...shared} text="property.step" name="step" value={field.step} min={1} max={720} />
          <TextProperty {...shared} text="property.default" name="default" value={field.default} />
        </div>
      );
    case 'boolean':
      return (
        <Property label={say('property.default')} error={errors.default}>
          <Select size="small" className={styles.wide} aria-label={say('property.default')} allowClear value={field.default} options={[{ value: true, label: t('form.yes') }, { value: false, label: t('form.no') }]} onChange={(value: boolean | undefined) => set({ default: value })} />
        </Property>
      );
    case 'choice': case 'choices': case 'tree':
      return (
        <>
          <fieldset className={styles.group}>
            <legend>{say('property.options')}</legend>
            <OptionsEditor options={field.options} isTree={field.kind === 'tree'} published={published} onChange={(options) => set({ options })} />
            {Object.entries(errors).filter(([path]) => path.startsWith('options')).map(([path, message]) => <p key={path} className={styles.error} role="alert">{message}</p>)}
          </fieldset>
          {field.kind === 'tree' && <SwitchProperty {...shared} text="property.leavesOnly" name="leavesOnly" value={field.leavesOnly} />}
          {field.kind === 'choices' && (
            <div className={styles.two}>
              <NumberProperty {...shared} text="property.minItems" name="minItems" value={field.minItems} min={0} />
              <NumberProperty {...shared} text="property.maxItems" name="maxItems" value={field.maxItems} min={1} />
            </div>
          )}
          {field.kind !== 'tree' && <SelectProperty {...shared} multiple={field.kind === 'choices'} text="property.default" name="default" value={field.default} options={field.options.filter((option) => option.retired !== true).map((option) => ({ value: option.key, label: wordsIn(option.label, language) }))} />}
        </>
      );
    case 'person':
      return (
        <>
          <SelectProperty {...shared} multiple text="property.teams" name="teams" value={field.teams} options={(teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) }))} />
          <SelectProperty {...shared} text="property.default" name="default" value={field.default} options={[{ value: 'me', label: say('property.me') }]} />
        </>
      );
    case 'place':
      return <SwitchProperty errors={errors} text="property.coordinates" name="coordinates" value={field.coordinates === 'required'} set={(patch) => set({ coordinates: patch.coordinates === true ? 'required' : undefined })} />;
    case 'file':
      return (
        <>
          <SelectProperty {...shared} multiple text="property.accept" name="accept" value={field.accept} options={(['image', 'video', 'audio', 'pdf', 'document'] as const).map((family) => ({ value: family, label: say(`family.${family}`) }))} />
          <div className={styles.two}>
            <NumberProperty {...shared} text="property.minItems" name="minItems" value={field.minItems} min={0} max={20} />
            <NumberProperty {...shared} text="property.maxItems" name="maxItems" value={field.maxItems} min={1} max={20} />
          </div>
        </>
      );
    case 'formula':
      return (
        <>
          <fieldset className={styles.group}>
            <legend>{say('formula.title')}</legend>
            <FormulaEditor key={field.key} field={field} form={form} columns={columns} onChange={(formula) => set({ formula })} />
            {Object.entries(errors).filter(([path]) => path.startsWith('formula')).map(([path, message]) => <p key={path} className={styles.error} role="alert">{message}</p>)}
          </fieldset>
          <Property label={say('property.result')} error={errors.result}>
            <Select size="small" className={styles.wide} aria-label={say('property.result')} value={field.result} options={(['number', 'money', 'text', 'boolean', 'date'] as const).map((result) => ({ value: result, label: say(`result.${result}`) }))} onChange={(result) => set({ result, currency: result === 'money' ? (field.currency ?? 'CNY') : undefined, decimals: result === 'number' ? field.decimals : undefined })} />
          </Property>
          {field.result === 'money' && <Property label={say('property.currency')} error={errors.currency}><Input size="small" maxLength={3} value={field.currency ?? 'CNY'} onChange={(event) => set({ currency: event.target.value.toUpperCase() })} /></Property>}
          {field.result === 'number' && <NumberProperty {...shared} text="property.decimals" name="decimals" value={field.decimals} min={0} max={6} />}
          {field.result !== 'money' && field.result !== 'boolean' && <WordsProperty {...shared} text="property.unit" textEn="property.unitEn" name="unit" value={field.unit} />}
        </>
      );
    case 'table':
      return (
        <div className={styles.two}>
          <NumberProperty {...shared} text="property.minRows" name="minRows" value={field.minRows} min={0} max={200} />
          <NumberProperty {...shared} text="property.maxRows" name="maxRows" value={field.maxRows} min={1} max={200} />
        </div>
      );
    case 'customer': case 'asset': case 'signature':
      return null;
  }
}
