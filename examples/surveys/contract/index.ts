export type { EventRouter as SurveyRouter } from './router.gen.ts';
export type {
  ListenEvents as SurveyListenEvents,
  SendEvents as SurveySendEvents,
} from './types.gen.ts';
