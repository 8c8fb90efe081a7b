/** Requests of residents who write English: subject and text, in the notation of the banks. */
export const englishTexts: Record<string, [subject: string, body: string][]> = {
  'water.leak.pipe': [
    ['Leak under the kitchen sink', 'Hi, there is a [steady drip|small leak] under my kitchen sink since [yesterday|this morning]. I put a bowl there but it fills up in a few hours. Could someone come {free}? I live in {home}.'],
    ['Water leaking behind the washing machine', 'Hello, the pipe behind the washing machine is leaking and the cabinet floor is swollen. I turned off the valve. I don’t speak much Chinese, please message me in English before coming.'],
  ],
  'water.leak.ceiling': [['Water stain on my ceiling', 'There is a brown stain on the [bathroom|bedroom] ceiling and it is growing. I think it comes from the flat above ({up}). I knocked but nobody answered. Can you contact them please?']],
  'water.drain.toilet': [['Blocked toilet', 'The toilet is blocked and a plunger didn’t help. It’s the only one in the flat, so today would be great. Thanks a lot.']],
  'water.supply.none': [['No water in the apartment', 'We have had no water since {time}. Is this planned? I did not see a notice in English. When will it be back?'], ['No water??', 'No water in {home}. Neighbours seem fine. Please check.']],
  'water.fixture.heater': [['No hot water', 'The water heater shows error [E1|E3|11] and there is no hot water. I have a small child, could someone have a look {free}?']],
  'power.outage.home': [['Power keeps tripping', 'The breaker trips every time I switch on the [oven|heater|air conditioner]. I already unplugged everything else. Could an electrician check it?'], ['No electricity in half of the flat', 'Kitchen and bathroom have no power, the rest is OK. The food in the fridge is getting warm. Apartment {home}.']],
  'power.light.corridor': [['Corridor light out', 'The light on floor {floor} outside the lift has been out for [three days|a week]. It is very dark at night.']],
  'lift.stop.stopped': [['Lift out of order again', 'The lift is out of order for the [second|third] time this month. I am on floor {floor} with a stroller. When will it be fixed for good?']],
  'lift.ride.noise': [['Strange noise in the lift', 'The lift makes a loud clunk around floor {floor} and shakes a little. It doesn’t feel safe.']],
  'smart.access.card': [['Face recognition does not work for me', 'I registered my face twice in the app but the door never recognises me. Could I get a card instead? My name is in Latin letters, maybe that is the problem.'], ['Access card stopped working', 'My card stopped working [today|yesterday]. My rent is paid until next year, so it should not have expired.']],
  'smart.network.broadband': [['Internet down', 'The fibre modem shows a red light since {time}. China Telecom says it is the line in the building and to ask you. I work from home, so this is urgent for me.']],
  'hvac.heating.weak': [['Heating not working', 'The air conditioner in the [bedroom|living room] only blows cold air in heating mode. It is {12~15} degrees inside. Could somebody come {free}?'], ['No warm air', 'Hi team, heating is on 30 but the air is cold, filter is clean. Please help, my parents are visiting.']],
  'hvac.cooling.weak': [['AC not cooling', 'The AC runs but the room stays at {29~31} degrees. I cleaned the filter already. Could you send someone {free}?']],
  'hvac.heating.floor': [['Floor heating cold in one room', 'The floor heating works everywhere but the [kids’ room|study]. I guess there is air in the loop?']],
  'hvac.vent.flue': [['Cooking smell from other flats', 'Every evening our kitchen smells of someone else’s cooking, even with our hood off. I was told there is a valve in the flue. Can it be checked?']],
  'order.noise.renovation': [['Drilling during lunch and on weekends', 'The flat above ({up}) is being renovated and they drill at noon and on Sundays. I thought this was not allowed. Could you please talk to them?']],
  'order.parking.occupied': [['Someone is in my parking space', 'A car with plate {plate} is parked in my space and there is no phone number on it. I am waiting in the lane.']],
  'smart.parking.plate': [['Barrier does not recognise my car', 'My monthly plan is paid but the barrier treats {plate} as a visitor since {time}. The guard was friendly but we could not understand each other.']],
  'service.fee.invoice': [['Fapiao for management fee', 'Could I get a fapiao for the last quarter’s management fee, made out to my company? I can send the tax number. Thanks!']],
  'service.fee.bill': [['Question about my bill', 'My bill is higher than last quarter and I can’t read the details. Could you send me a breakdown in English?']],
  'service.account.binding': [['Cannot register in the mini program', 'The form only accepts Chinese names and ID numbers, my passport is refused. How can I bind my apartment?']],
  'service.voice.praise': [['Thank you!', 'I want to thank the engineer who came last night in the rain. He was fast, kind, and even used a translation app to explain everything.']],
  'order.help.lost': [['Lost keys', 'I lost a bunch of keys with a red bike-shaped tag, probably near [the playground|the east gate]. Did anyone hand them in?']],
  'env.pest.insect': [['Cockroaches in the kitchen', 'I have seen several cockroaches this week, I think they come from the drain. Do you offer pest control, and is it safe for a cat?']],
};

export const englishReplies = {
  acknowledged: ['Dear resident, thank you for letting us know. We have passed it to our engineers and will message you before they come.', 'Hello, received. An engineer will contact you shortly. Sorry for the trouble.', 'Hi, thanks for reporting this. We will send someone as soon as possible.'],
  asked: ['Thanks! When exactly will someone come?', 'OK, thank you. I am home after 6 pm.', 'Great. Please ring the bell twice.', 'Any update?'],
  done: ['Dear resident, the work has been completed. Please let us know if the problem comes back.', 'Hello, this has been taken care of. Thank you for your patience.'],
  praise: ['Quick and friendly, thank you!', 'Great service.', 'Perfect, all good now.', ''],
  fair: ['Fixed, but communication in English could be better.', 'OK in the end, took a while.', ''],
  poor: ['Waited far too long and nobody told me why.', 'It broke again two days later.', 'Had to explain the problem three times.'],
};
