export const programOptions: string[];
