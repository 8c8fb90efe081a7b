import { Button } from 'antd';
import SignaturePad from 'signature_pad';
import { useEffect, useRef, useState } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import type { SignatureField } from '../../../rules/forms/form.ts';
import { api, asProblem } from '../../ui/api.ts';
import { useTexts } from '../i18n.ts';
import type { ControlProps } from './control-props.ts';
import { FileAnswer } from './file-answer.tsx';
import styles from './form-view.module.css';

/** A signature (签名): drawn on paper-white, also in the dark, as it is kept as a picture. */
export function SignatureControl({ id, value, invalid, describedBy, onChange }: ControlProps<SignatureField>) {
  const { t } = useTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [drawn, setDrawn] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const held = typeof value === 'string' && value !== '' ? value : null;

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const ratio = Math.max(1, devicePixelRatio);
    element.width = element.clientWidth * ratio;
    element.height = element.clientHeight * ratio;
    element.getContext('2d')?.scale(ratio, ratio);
    const made = new SignaturePad(element, { backgroundColor: '#ffffff', penColor: '#101622' });
    made.clear();
    const end = (): void => setDrawn(!made.isEmpty());
    made.addEventListener('endStroke', end);
    pad.current = made;
    return () => {
      made.removeEventListener('endStroke', end);
      made.off();
      pad.current = null;
    };
  }, [held]);

  async function keep(): Promise<void> {
    const element = canvas.current;
    if (element === null) return;
    setSending(true);
    setProblem(null);
    const blob = await new Promise<Blob | null>((resolve) => element.toBlob(resolve, 'image/png'));
    try {
      if (blob !== null) {
        const file = await api.upload<FileSummary>(blob, { name: 'signature.png', fields: { purpose: 'signature' } });
        setDrawn(false);
        onChange(file.id);
      }
    } catch (error) {
      setProblem(asProblem(error).title);
    } finally {
      setSending(false);
    }
  }

  if (held !== null) {
    return (
      <div className={styles.signed} id={id} tabIndex={-1}>
        <FileAnswer ids={[held]} drawn />
        <Button size="small" onClick={() => onChange(null)}>{t('form.signAgain')}</Button>
      </div>
    );
  }
  return (
    <div className={styles.place}>
      <canvas ref={canvas} id={id} tabIndex={-1} className={styles.pad} data-invalid={invalid || undefined} aria-label={t('form.signHere')} aria-describedby={describedBy} role="img" />
      <span className={styles.yesNo}>
        <Button size="small" type="primary" disabled={!drawn} loading={sending} onClick={() => void keep()}>{t('form.keepSignature')}</Button>
        <Button
          size="small"
          disabled={!drawn}
          onClick={() => {
            pad.current?.clear();
            setDrawn(false);
          }}
        >
          {t('form.clear')}
        </Button>
      </span>
      {problem !== null && <p className={styles.error} role="alert">{problem}</p>}
    </div>
  );
}
