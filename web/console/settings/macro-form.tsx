import { Form, Input } from 'antd';
import { useCallback, useRef, useState } from 'react';
import type { Macro } from '../../../contract/desk.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { useTexts } from '../i18n.ts';
import { CreateForm } from '../parts/create-form.tsx';
import { MacroCondition } from './macro-condition.tsx';
import { MacroSteps } from './macro-steps.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { SharingFields, type Sharing } from './sharing-fields.tsx';
import { isComplete } from './step-kinds.ts';

type Values = Sharing & { name: string; description?: string; steps: Macro['steps']; condition: Filter | null };

/** Makes or changes a macro (宏编辑): its steps in order, on which tickets it is offered, and to whom. */
export function MacroForm({ macro, onClose }: { macro: Macro | null; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const problems = useRef(0);
  const tellProblems = useCallback((count: number) => {
    problems.current = count;
  }, []);
  const [tried, setTried] = useState(false);
  const steps = (_rule: unknown, given: Macro['steps'] = []): Promise<void> => {
    setTried(true);
    const missing = given.findIndex((step) => !isComplete(step));
    return given.length === 0 ? Promise.reject(new Error(t('common.required'))) : missing >= 0 ? Promise.reject(new Error(say('macros.stepMissing', { step: missing + 1 }))) : Promise.resolve();
  };
  const condition = (): Promise<void> => (problems.current > 0 ? Promise.reject(new Error(say('macros.conditionIncomplete'))) : Promise.resolve());
  return (
    <CreateForm<Values>
      title={macro === null ? say('macros.new') : macro.name}
      path={macro === null ? '/macros' : `/macros/${macro.id}`}
      version={macro?.version}
      outdates={['macros', 'macros?archived=true']}
      width={680}
      initialValues={macro === null ? { kind: 'personal', steps: [], condition: null } : { kind: macro.kind, name: macro.name, description: macro.description ?? '', steps: macro.steps, condition: macro.condition, ...(macro.team === null ? {} : { teamId: macro.team.id }) }}
      toBody={(values) => ({
        kind: values.kind, name: values.name.trim(), description: values.description?.trim() || null, steps: values.steps, condition: values.condition ?? null,
        ...(values.kind === 'team' && values.teamId !== undefined ? { teamId: values.teamId } : {}),
      })}
      fields={['kind', 'teamId', 'name', 'description', 'steps', 'condition']}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
      <Form.Item name="description" label={say('types.description')}><Input maxLength={500} /></Form.Item>
      <Form.Item name="steps" label={say('macros.steps')} validateTrigger={[]} rules={[{ validator: steps }]}><MacroSteps tried={tried} /></Form.Item>
      <Form.Item name="condition" label={say('macros.condition')} validateTrigger={[]} rules={[{ validator: condition }]}><MacroCondition tried={tried} onProblems={tellProblems} /></Form.Item>
      <SharingFields />
    </CreateForm>
  );
}
