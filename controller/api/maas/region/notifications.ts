import { categories, type Notification, type NotificationChange } from '../../../store/notifications.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, MaasRefusal, notFound, unfit } from '../failures.ts';
import { boolean, choice, json, required, text, type Values } from '../parameters.ts';
import { userObject } from '../people/users.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';

const fields = {
	message: text('What it says; {names} in braces are filled in from the context.', { max: 4096 }),
	context: json('Values for the names in the message: a JSON object.'),
	category: choice('How serious it is; info unless given.', categories),
	ident: text('A name by which its writer finds it again.', { max: 40 }),
	user: text('The one user it is for: id or name.', { max: 150 }),
	users: boolean('It is for all users.'),
	admins: boolean('It is for all administrators.'),
	dismissable: boolean('Those it is for may dismiss it; true unless given.'),
};

export const notificationsResource = resource({
	name: 'NotificationsHandler',
	path: 'notifications/',
	doc: 'Messages for one user, for all users, or for administrators.',
	actions: {
		read: { doc: 'List the messages for whoever asks, without those dismissed.', who: 'user' },
		create: { doc: 'Add a message.', who: 'admin', parameters: { ...fields, message: required(fields.message) } },
	},
});

export const notificationResource = resource({
	name: 'NotificationHandler',
	path: 'notifications/{id}/',
	doc: 'One message.',
	actions: {
		read: { doc: 'Show a message that is for you.', who: 'user' },
		update: { doc: 'Change a message.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a message.', who: 'admin' },
		dismiss: { doc: 'Do not show this message to me again.', who: 'user' },
	},
});

const notificationObject = (notification: Notification, users: ReadonlyMap<number, User>) => {
	const user = notification.userId === null ? undefined : users.get(notification.userId);
	return {
		id: notification.id,
		ident: notification.ident,
		user: user ? userObject(user) : null,
		users: notification.users,
		admins: notification.admins,
		message: notification.message,
		context: notification.context,
		category: notification.category,
		dismissable: notification.dismissable,
		resource_uri: uriOf(notificationResource.path, { id: notification.id }),
	};
};

export function notificationHandlers({ store }: Parts): Implemented[] {
	const find = (id: string) => {
		const notification = store.notifications.byId(idIn(id, 'Notification'));
		if (!notification) throw notFound('Notification');
		return notification;
	};
	const users = () => new Map(store.users.all().map((user) => [user.id, user]));
	const shown = (notification: Notification) => notificationObject(notification, users());
	const changeOf = ({ user: word, ident, ...rest }: Values<typeof fields>): NotificationChange => {
		const user = word
			? (store.users.byName(word) ?? (/^\d{1,15}$/.test(word) ? store.users.byId(Number(word)) : undefined))
			: undefined;
		if (word && !user) throw unfit('user', 'Select a valid choice. That choice is not one of the available choices.');
		if (rest.message === '') throw unfit('message', 'This field is required.');
		return {
			...rest,
			...(ident === undefined ? {} : { ident: ident === '' ? null : ident }),
			...(word === undefined ? {} : { userId: user?.id ?? null }),
		};
	};
	return [
		on(notificationsResource, {
			read(_, { user }) {
				const known = users();
				return store.notifications.visibleTo(user).map((each) => notificationObject(each, known));
			},
			create: (input) => shown(store.notifications.create({ ...changeOf(input), message: input.message })),
		}),
		on(notificationResource, {
			read(_, { uri, user }) {
				const notification = find(uri.id);
				if (!user.isAdmin && !store.notifications.concerns(notification, user)) throw forbidden();
				return shown(notification);
			},
			update: (input, { uri }) => shown(store.notifications.update(find(uri.id).id, changeOf(input))),
			delete(_, { uri }) {
				store.notifications.delete(find(uri.id).id);
				return Reply.nothing();
			},
			dismiss(_, { uri, user }) {
				const notification = find(uri.id);
				if (!store.notifications.concerns(notification, user)) throw forbidden();
				if (!notification.dismissable) throw new MaasRefusal(400, 'This notification is not dismissable.');
				store.notifications.dismiss(notification.id, user.id);
				return null;
			},
		}),
	];
}
