import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { factKinds } from '../../../contract/facts.ts';
import type { FlowSummary } from '../../../contract/flow.ts';
import { isActivity, performerExpressionNames, type BoundaryTimer, type Due, type FlowDefinition, type FlowEdge, type FlowNode, type Performer, type StatusSetting, type TimeSpan } from '../../../rules/workflow/definition.ts';
import type { TicketStatus as StatusClass } from '../../../rules/ticket/lifecycle.ts';
import { ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { words } from '../../ui/words.ts';
import { staffMember, teams } from '../data/records.ts';
import { ticketStatusRecords, useTicketFields } from '../parts/filter-vocabulary.ts';
import { localName } from '../parts/names.ts';
import type { NodeChip } from './canvas/flow-node.tsx';
import { conditionText, useConditionVocabulary } from './conditions/condition-vocabulary.ts';
import { itemNames, itemOf } from './designer/node-kinds.ts';
import { flows } from './flow-queries.ts';
import { useFlowTexts } from './flow-texts.ts';

/** How the parts of a flow are called, in the reader's language (流程用语). */
export interface FlowWords {
  name: (node: FlowNode) => string;
  kind: (node: FlowNode) => string;
  /** Who acts, or what happens, in a line. */
  summary: (node: FlowNode) => string;
  chips: (node: FlowNode) => readonly NodeChip[];
  edge: (edge: FlowEdge) => string;
  timer: (timer: BoundaryTimer) => string;
  performer: (performer: Performer) => string;
  performers: (performers: readonly Performer[]) => string;
  span: (span: TimeSpan) => string;
  status: (status: StatusSetting) => string;
  /** What happens to a ticket. */
  fact: (kind: string) => string;
}

/** The people named anywhere in a flow. */
function peopleIn(definition: FlowDefinition | null): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value as unknown[]) visit(one);
    else if (typeof value === 'object' && value !== null) {
      const one = value as { kind?: unknown; id?: unknown };
      if (one.kind === 'person' && typeof one.id === 'string' && one.id.length === 36) found.add(one.id);
      for (const part of Object.values(value)) visit(part);
    }
  };
  visit(definition?.nodes);
  return [...found];
}

/** Words for one flow, with the names of whoever it mentions. */
export function useFlowWords(definition: FlowDefinition | null): FlowWords {
  const { t: say, language } = useFlowTexts();
  const teamList = useQuery(teams);
  const statusList = useQuery(ticketStatusRecords);
  const flowList = useQuery(flows);
  const fields = useTicketFields();
  const vocabulary = useConditionVocabulary(definition);
  const mentioned = peopleIn(definition);
  const people = useQueries({ queries: mentioned.map((id) => staffMember(id)), combine: (results) => new Map(results.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data.name] as const]))) });
  const peopleKey = [...people].map(([id, name]) => `${id} ${name}`).join();

  return useMemo((): FlowWords => {
    const local = (text: { zh: string; en?: string } | undefined): string => wordsIn(text, language);
    const nodeNames = new Map((definition?.nodes ?? []).map((node) => [node.id, local(node.name)]));
    const span = ({ amount, unit, calendar }: TimeSpan): string => say(calendar === 'working' ? `span.working_${unit}` : `span.${unit}`, { count: amount });
    const due = (given: Due): string => ('after' in given ? span(given.after) : say('span.moment'));
    const performer = (one: Performer): string => {
      switch (one.kind) {
        case 'person': return people.get(one.id) ?? (one.id === '' ? say('performer.choosePerson') : say('performer.somebody'));
        case 'team': {
          const team = teamList.data?.find(({ id }) => id === one.id);
          return team === undefined ? say('performer.chooseTeam') : one.each === true ? say('performer.each', { team: localName(team, language) }) : localName(team, language);
        }
        case 'expression': {
          const step = one.node === undefined ? '' : (nodeNames.get(one.node) ?? one.node);
          if (one.expression === 'performer_of') return say('performer.of', { step });
          if (one.expression === 'manager_of_performer') return say('performer.managerOf', { step });
          if (one.expression === 'field') return say('performer.field', { field: local(fields.get(one.field ?? '')?.label) || (one.field ?? '') });
          return local(performerExpressionNames[one.expression]);
        }
        case 'rule': return say('performer.rule');
      }
    };
    const performers = (all: readonly Performer[]): string => (all.length === 0 ? say('performer.nobody') : all.map(performer).join(say('list.join')));
    const status = ({ status: given, waitingFor }: StatusSetting): string => {
      const own = statusList.data?.find(({ id }) => id === given);
      const name = own !== undefined ? localName(own, language) : (ticketStatuses as readonly string[]).includes(given) ? words(`status.${given as StatusClass}`) : given;
      return waitingFor === undefined ? name : `${name} · ${say(`waiting.${waitingFor}`)}`;
    };
    const fact = (kind: string): string => (Object.hasOwn(factKinds, kind) ? factKinds[kind as keyof typeof factKinds][language === 'en' ? 'en' : 'zh'] : kind);
    const fieldName = (key: string): string => local(fields.get(key)?.label) || key;
    const outcome = (key: string, node: FlowNode | undefined): string => {
      const own = node !== undefined && 'outcomes' in node ? node.outcomes?.find((one) => one.key === key) : undefined;
      return own !== undefined ? local(own.name) || key : key === 'approved' || key === 'rejected' || key === 'done' || key === 'failed' ? say(`outcome.${key}`) : key;
    };
    const summary = (node: FlowNode): string => {
      switch (node.kind) {
        case 'task': case 'onsite_task': return performers(node.performers);
        case 'approval': return `${performers(node.performers)} · ${say(`mode.${node.mode}`)}`;
        case 'wait': return node.for.kind === 'timer' ? due(node.for.due) : say('wait.until', { fact: fact(node.for.fact) });
        case 'subflow': {
          const flow = flowList.data?.find(({ id }: FlowSummary) => id === node.flow);
          return flow === undefined ? say('subflow.choose') : localName(flow, language);
        }
        case 'action': {
          const { action } = node;
          if (action.do === 'notify') return performers(action.to);
          if (action.do === 'http_call') return `${action.method} ${action.url}`;
          if (action.do === 'create_child') return action.subject;
          if (action.do === 'ask_llm') return action.prompt;
          if (action.do === 'request_parts') return action.lines.map((line) => line.part).join(say('list.join'));
          return [...Object.keys(action.fields ?? {}).map(fieldName), ...Object.keys(action.vars ?? {}), ...(action.ticket?.priority === undefined ? [] : [say('set.priority')]), ...(action.ticket?.team === undefined ? [] : [say('set.team')]), ...(action.ticket?.assignee === undefined ? [] : [say('set.assignee')]), ...(action.ticket?.addTags ?? [])].join(say('list.join'));
        }
        default: return '';
      }
    };
    return {
      performer, performers, span, status, summary, fact,
      name: (node) => local(node.name),
      kind: (node) => local(itemNames[itemOf(node)]),
      chips: (node) => {
        const chips: NodeChip[] = [];
        if ('status' in node && node.status !== undefined) chips.push({ key: ticketStatuses.find((one) => one === node.status?.status) ?? 'open', text: status(node.status), icon: 'status' });
        if ('limit' in node && node.limit !== undefined) chips.push({ key: 'limit', text: span(node.limit.span), icon: 'clock' });
        if (isActivity(node) && node.multi !== undefined) chips.push({ key: 'multi', text: say(node.multi.mode === 'parallel' ? 'multi.parallel' : 'multi.sequential'), icon: 'repeat' });
        return chips;
      },
      edge: (edge) => {
        if (edge.name !== undefined && local(edge.name) !== '') return local(edge.name);
        const source = definition?.nodes.find(({ id }) => id === edge.from);
        const parts = [...(edge.outcome === undefined ? [] : [outcome(edge.outcome, source)]), ...(edge.condition === undefined ? [] : [conditionText(edge.condition, vocabulary, language) ?? say('condition.formula')])];
        return parts.length > 0 ? parts.join(say('list.join')) : edge.isDefault === true ? say('edge.default') : '';
      },
      timer: (timer) => (timer.name !== undefined && local(timer.name) !== '' ? local(timer.name) : say('timer.after', { span: due(timer.due) })),
    };
    // The names of people as a text: a map is another one each time.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [definition, say, language, teamList.data, statusList.data, flowList.data, fields, vocabulary, peopleKey]);
}

