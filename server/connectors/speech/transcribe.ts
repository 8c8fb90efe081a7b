import type { Segment } from '../../../rules/telephony/call.ts';
import { isFinal, OutsideFailure } from '../../platform/egress/call-outside.ts';
import { transcribeByFunasr } from './funasr.ts';
import { SpeechFailure, type Recording, type SpeechService } from './service.ts';
import { transcribeByWhisper } from './whisper.ts';

/** Writes down what is said in a recording (语音转写). @throws SpeechFailure */
export async function transcribe(service: SpeechService, recording: Recording, privateHosts: readonly string[]): Promise<Segment[]> {
  try {
    return await (service.protocol === 'funasr' ? transcribeByFunasr : transcribeByWhisper)(service, recording, privateHosts);
  } catch (error) {
    if (error instanceof OutsideFailure) throw new SpeechFailure(`${error.code}: ${error.message}`, isFinal(error));
    throw error;
  }
}
