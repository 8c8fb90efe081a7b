import { useImportTexts } from './texts.ts';
import styles from './imports.module.css';

const steps = ['step.file', 'step.columns', 'step.check', 'step.import'] as const;

/** Where in the course of an import one stands (步骤). */
export function ImportSteps({ at }: { at: 0 | 1 | 2 | 3 }) {
  const { t: say } = useImportTexts();
  return (
    <ol className={styles.steps} aria-label={say('step.label')}>
      {steps.map((step, index) => (
        <li key={step} aria-current={index === at ? 'step' : undefined} data-done={index < at || undefined}>
          <span aria-hidden="true">{index + 1}</span>
          {say(step)}
        </li>
      ))}
    </ol>
  );
}
