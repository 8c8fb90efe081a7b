import { C, UA } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { Softphone } from '../../../contract/call.ts';
import { maskPhoneNumber } from '../../../rules/privacy/masks.ts';
import { isOutside } from '../../../rules/telephony/numbers.ts';
import { setLine, type Line, type LineCall, type LineNews, type LineState } from './line-door.ts';
import { openWire } from './wire.ts';

/** Whoever asked for a call waits for it that long, in milliseconds. */
const ownCallWithin = 30_000;
/** Addresses found by then are enough to begin with, in milliseconds. */
const gatheringWithin = 800;
const registeredFor = 300;

const newsOf: Readonly<Record<string, LineNews>> = {
  [C.causes.BUSY]: 'busy', [C.causes.REJECTED]: 'declined', [C.causes.NO_ANSWER]: 'no_answer', [C.causes.UNAVAILABLE]: 'no_answer', [C.causes.REQUEST_TIMEOUT]: 'no_answer',
  [C.causes.NOT_FOUND]: 'not_found', [C.causes.ADDRESS_INCOMPLETE]: 'not_found', [C.causes.MISSING_SDP]: 'no_sound', [C.causes.BAD_MEDIA_DESCRIPTION]: 'no_sound', [C.causes.INCOMPATIBLE_SDP]: 'no_sound', [C.causes.WEBRTC_ERROR]: 'no_sound',
};
// What one did oneself is no news.
const quietly: ReadonlySet<string> = new Set([C.causes.CANCELED, C.causes.BYE]);

/** Makes this tab a telephone (软电话): registers by SIP over a WebSocket, and takes and makes one call at a time. */
export function openLine(settings: Softphone): Line {
  let state: LineState = { registration: { is: 'connecting' }, call: null, news: null, listened: false };
  let session: RTCSession | null = null;
  let microphone: MediaStream | null = null;
  let expectingUntil = 0;
  let stopped = false;
  const wire = openWire(settings.server);
  const speaker = new Audio();
  speaker.autoplay = true;
  const pcConfig: RTCConfiguration = { iceServers: settings.stun === null ? [] : [{ urls: settings.stun }] };

  const ua = new UA({
    sockets: wire, uri: `sip:${settings.user}@${settings.domain}`, authorization_user: settings.user, password: settings.password, display_name: settings.name,
    register: true, register_expires: registeredFor, session_timers: true, user_agent: 'Bihuan',
  });
  const update = (patch: Partial<LineState>): void => {
    if (stopped) return;
    state = { ...state, ...patch };
    setLine({ line, state });
  };
  const updateCall = (patch: Partial<LineCall>): void => {
    if (state.call !== null) update({ call: { ...state.call, ...patch } });
  };

  ua.on('connecting', () => state.registration.is === 'ready' && update({ registration: { is: 'connecting' } }));
  ua.on('disconnected', ({ error, reason }) => update({ registration: error ? { is: 'failed', why: 'unreachable', detail: reason ?? '' } : { is: 'connecting' } }));
  ua.on('registered', () => update({ registration: { is: 'ready' } }));
  ua.on('registrationFailed', ({ response, cause }) => {
    const status = response?.status_code;
    const why = [401, 403, 407].includes(status ?? 0) ? 'password' : status === undefined ? 'unreachable' : 'refused';
    update({ registration: { is: 'failed', why, detail: status === undefined ? String(cause ?? '') : `${status} ${response.reason_phrase}` } });
  });
  ua.on('newRTCSession', ({ session: fresh }: { session: RTCSession }) => {
    // Whoever talks is not disturbed.
    if (session !== null) {
      if (fresh.direction === 'incoming') fresh.terminate({ status_code: 486 });
      return;
    }
    session = fresh;
    listen(fresh);
  });

  function listen(own: RTCSession): void {
    const inbound = own.direction === 'incoming';
    const { display_name: name, uri } = own.remote_identity as { display_name?: string; uri: { user?: string } };
    const number = uri.user ?? '';
    // What customers are reached by is masked, here as elsewhere; the card says what may be seen of it.
    const shown = inbound && isOutside(number) ? maskPhoneNumber(number) : number;
    update({ news: null, call: { direction: inbound ? 'inbound' : 'outbound', state: 'ringing', who: name && !/\d{5}/.test(name) ? `${name} ${shown}` : shown, since: null, muted: false, held: false, handingOn: false } });
    const sound = (connection: RTCPeerConnection): void => connection.addEventListener('track', ({ streams, track }) => {
      speaker.srcObject = streams[0] ?? new MediaStream([track]);
      // Whoever answered has pressed something: nothing stands in its way.
      void speaker.play().catch(() => undefined);
    });
    if (own.connection) sound(own.connection);
    else own.on('peerconnection', ({ peerconnection }) => sound(peerconnection));
    let gathering: ReturnType<typeof setTimeout> | undefined;
    own.on('icecandidate', ({ ready }) => {
      gathering ??= setTimeout(ready, gatheringWithin);
    });
    own.on('accepted', () => updateCall({ state: 'talking', since: Date.now() }));
    own.on('hold', ({ originator }) => String(originator) === 'local' && updateCall({ held: true }));
    own.on('unhold', ({ originator }) => String(originator) === 'local' && updateCall({ held: false }));
    own.on('muted', () => updateCall({ muted: true }));
    own.on('unmuted', () => updateCall({ muted: false }));
    const over = (cause: string | null): void => {
      clearTimeout(gathering);
      if (session !== own) return;
      session = null;
      microphone?.getTracks().forEach((track) => track.stop());
      microphone = null;
      speaker.srcObject = null;
      const handedOn = state.call?.handingOn === true;
      update({ call: null, news: handedOn ? { what: 'handed_on', detail: '' } : cause === null || quietly.has(cause) || (inbound && newsOf[cause] !== 'no_sound') ? state.news : { what: newsOf[cause] ?? 'failed', detail: cause } });
    };
    own.on('ended', () => over(null));
    own.on('failed', ({ cause }) => over(cause));
    if (inbound && Date.now() < expectingUntil) {
      expectingUntil = 0;
      line.answer();
    }
  }

  async function listenIn(): Promise<MediaStream | null> {
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
      update({ listened: true });
      return microphone;
    } catch (error) {
      update({ news: { what: 'no_microphone', detail: error instanceof Error ? error.name : '' } });
      return null;
    }
  }

  const line: Line = {
    answer() {
      const own = session;
      if (own === null || state.call?.direction !== 'inbound' || state.call.state !== 'ringing') return;
      updateCall({ state: 'connecting' });
      void listenIn().then((mediaStream) => {
        if (session !== own) return;
        if (mediaStream === null) updateCall({ state: 'ringing' });
        else own.answer({ mediaStream, pcConfig });
      });
    },
    decline: () => session?.terminate({ status_code: 603 }),
    hangUp: () => session?.terminate(),
    mute: (on) => (on ? session?.mute({ audio: true }) : session?.unmute({ audio: true })),
    hold: (on) => void (on ? session?.hold() : session?.unhold()),
    press(key) {
      // In the sound itself where that can be done, else beside it.
      const sender = session?.connection?.getSenders().find(({ track }) => track?.kind === 'audio');
      session?.sendDTMF(key, { transportType: (sender?.dtmf?.canInsertDTMF === true ? 'RFC2833' : 'INFO') as C.DTMF_TRANSPORT });
    },
    handOn(extension) {
      const own = session;
      if (own === null) return;
      const failed = (): void => {
        updateCall({ handingOn: false });
        update({ news: { what: 'not_handed_on', detail: extension } });
      };
      updateCall({ handingOn: true });
      update({ news: null });
      // Once somebody else has them, this side of the call is over.
      own.refer(`sip:${extension}@${settings.domain}`, { eventHandlers: { requestFailed: failed, failed, accepted: () => session === own && own.terminate() } });
    },
    dial(number) {
      if (session !== null || state.call !== null) return;
      update({ news: null, call: { direction: 'outbound', state: 'connecting', who: number, since: null, muted: false, held: false, handingOn: false } });
      void listenIn().then((mediaStream) => {
        if (stopped || session !== null) return mediaStream?.getTracks().forEach((track) => track.stop());
        if (mediaStream === null) return update({ call: null });
        ua.call(`sip:${number}@${settings.domain}`, { mediaStream, pcConfig });
      });
    },
    expectOwn: () => void (expectingUntil = Date.now() + ownCallWithin),
    stop() {
      if (stopped) return;
      session?.terminate();
      microphone?.getTracks().forEach((track) => track.stop());
      ua.stop();
      stopped = true;
      setLine(null);
      // The last words are on their way.
      setTimeout(() => wire.end(), 3_000);
    },
  };
  setLine({ line, state });
  ua.start();
  return line;
}
