import type { VisitForm } from '../../../contract/visit.ts';
import { missingAtStep, stepFields, type StepFields } from '../../../rules/forms/asked-at-steps.ts';
import type { FieldDefinition, Form, TicketVariables } from '../../../rules/forms/form.ts';
import { answersOf, formState, type Filling, type FillingOptions, type FormState } from '../../ui/form/filling.ts';
import { describeValueProblem } from '../../../contract/form-problems.ts';
import type { Language } from '../../ui/preferences.ts';
import type { Job } from '../jobs.ts';
import { database, formNote } from './database.ts';
import { useLive, useSession } from './live.ts';

/** The form of a job's ticket type as it is filled in with the completion (完工表单). */
export interface JobForm {
  form: Form;
  given: VisitForm;
  /** How it is filled in once the job is done; the ticket's variables are those of then. */
  options: FillingOptions;
  before: TicketVariables;
  after: TicketVariables;
}

const finished = ['resolved', 'closed', 'cancelled'];

/** The form of a job; null where it has none, undefined until it is read. */
export function useJobForm(job: Job | null): JobForm | null | undefined {
  const session = useSession();
  const visitForm = job?.visit.form ?? null;
  const form = useLive(async () => (visitForm === null ? null : ((await database().notes.get(formNote(visitForm.typeId, visitForm.version)))?.value as Form | undefined) ?? null), [visitForm?.typeId, visitForm?.version]);
  if (visitForm === null) return null;
  if (form === undefined || session.kind !== 'open') return undefined;
  if (form === null) return null;
  const { staff } = session;
  const before: TicketVariables = visitForm.ticket;
  // The ticket that was settled by somebody else meanwhile stays as it is.
  const after: TicketVariables = finished.includes(job?.visit.ticket.status ?? '') ? {} : { status: 'resolved', statusId: null, waitingFor: null };
  return {
    form, given: visitForm, before, after,
    options: {
      mode: 'update', previous: visitForm.values, ticket: { ...before, ...after }, timeZone: staff.organization.timeZone,
      actor: { kind: 'staff', id: staff.id, teams: staff.teams.map(({ id }) => id), departments: staff.department === null ? [] : [staff.department.id], roles: staff.roles },
    },
  };
}

/** A form while it is filled in, with what is asked for and what is missing. */
export interface JobFormState extends StepFields {
  state: FormState;
  /** Keys of the fields the server would miss. */
  missing: string[];
}

/** Works out a job's form as the server will see it (表单校验). */
export function jobFormState({ form, options, before, after }: JobForm, filling: Filling, language: Language): JobFormState {
  const now = new Date().toISOString();
  const given = answersOf(form, filling.held);
  const atNow = { ...options, ticket: before, now };
  const missing = missingAtStep(form, given, atNow, after);
  const fields = stepFields(form, given, atNow, after);
  const state = formState(form, filling, options, language, now);
  if (!filling.tried) return { state, missing, ...fields };
  const required = describeValueProblem({ code: 'required' })[language === 'en' ? 'en' : 'zh'];
  return { state: { ...state, errors: { ...Object.fromEntries(missing.map((key) => [key, required])), ...state.errors } }, missing, ...fields };
}

/** A form with some of its fields, without headings: what is asked for with a step is short. */
export const partOfForm = (form: Form, keys: readonly string[]): Form => ({ fields: form.fields.filter(({ key }) => keys.includes(key)) });

/** The files that answers name, by field. */
export function filesInAnswers(form: Form, answers: Readonly<Record<string, unknown>>): string[] {
  const isFile = ({ kind }: FieldDefinition): boolean => kind === 'file' || kind === 'signature';
  return form.fields.filter(isFile).flatMap(({ key }) => [answers[key] ?? []].flat()).filter((value) => typeof value === 'string' && value !== '').map(String);
}
