import { Component, type ErrorInfo, type ReactNode } from 'react';
import { words } from '../words.ts';
import './react.css';

type Props = {
  children: ReactNode;
  /** When it changes, a failed part is tried again: give it the route. */
  resetKey?: string;
};

/** Keeps a defect in one part of the page from taking the rest along, and offers a way on. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false });
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="bh-empty" role="alert">
        <p className="bh-empty-title">{words('problem.broken')}</p>
        <p className="bh-empty-hint">{words('problem.brokenHint')}</p>
        <div className="bh-empty-action bh-empty-buttons">
          <button type="button" className="bh-problem-retry" onClick={() => this.setState({ failed: false })}>
            {words('problem.retry')}
          </button>
          <button type="button" className="bh-problem-retry" onClick={() => location.reload()}>
            {words('problem.reload')}
          </button>
        </div>
      </div>
    );
  }
}
