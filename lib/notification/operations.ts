import { operation } from "@/lib/shared/operation";
import {
  createdSchema,
  deviceListSchema,
  idParams,
  notificationPageSchema,
  notificationQuery,
  preferencesInputSchema,
  preferencesSchema,
  publicKeySchema,
  subscriptionInputSchema,
  unsubscribeParams,
} from "./schema";

export const pushPublicKeyOperation = operation({
  id: "getPushPublicKey",
  method: "GET",
  path: "/api/push/public-key",
  summary: "The VAPID key that a browser subscribes with",
  tag: "notifications",
  access: "public",
  responses: { 200: publicKeySchema },
  errors: [],
});

export const listSubscriptionsOperation = operation({
  id: "listPushSubscriptions",
  method: "GET",
  path: "/api/push-subscriptions",
  summary: "My browsers that get pushes",
  tag: "notifications",
  access: "signedIn",
  responses: { 200: deviceListSchema },
  errors: [],
});

export const saveSubscriptionOperation = operation({
  id: "savePushSubscription",
  method: "POST",
  path: "/api/push-subscriptions",
  summary: "Send my pushes to this browser too; the same endpoint with the same keys moves to me",
  tag: "notifications",
  access: "signedIn",
  body: subscriptionInputSchema,
  responses: { 201: createdSchema },
  errors: ["push_endpoint_refused", "push_endpoint_taken", "not_found"],
});

export const removeSubscriptionOperation = operation({
  id: "removePushSubscription",
  method: "DELETE",
  path: "/api/push-subscriptions/{id}",
  summary: "Send no more pushes to this browser of mine",
  tag: "notifications",
  access: "signedIn",
  params: idParams,
  responses: { 204: null },
  errors: ["not_found"],
});

export const testSubscriptionOperation = operation({
  id: "testPushSubscription",
  method: "POST",
  path: "/api/push-subscriptions/{id}/test",
  summary: "Send a test alert to this browser of mine, the way every alert goes",
  tag: "notifications",
  access: "signedIn",
  params: idParams,
  responses: { 202: createdSchema },
  errors: ["not_found", "too_many_requests"],
});

export const getPreferencesOperation = operation({
  id: "getNotificationPreferences",
  method: "GET",
  path: "/api/notification-preferences",
  summary: "My notification preferences: only categories and channels that are really sent",
  tag: "notifications",
  access: "signedIn",
  responses: { 200: preferencesSchema },
  errors: [],
});

export const savePreferencesOperation = operation({
  id: "saveNotificationPreferences",
  method: "PUT",
  path: "/api/notification-preferences",
  summary: "Change my notification preferences. What is left out stays; email stays false, nothing is mailed yet",
  tag: "notifications",
  access: "signedIn",
  body: preferencesInputSchema,
  responses: { 200: preferencesSchema },
  errors: [],
});

export const listNotificationsOperation = operation({
  id: "listNotifications",
  method: "GET",
  path: "/api/notifications",
  summary: "My inbox, newest first",
  tag: "notifications",
  access: "signedIn",
  query: notificationQuery,
  responses: { 200: notificationPageSchema },
  errors: [],
});

export const readNotificationOperation = operation({
  id: "readNotification",
  method: "POST",
  path: "/api/notifications/{id}/read",
  summary: "Mark a notification of mine as read, and what it replaced",
  tag: "notifications",
  access: "signedIn",
  params: idParams,
  responses: { 204: null },
  errors: ["not_found"],
});

/** What a mail program sends when its "Unsubscribe" is pressed (RFC 8058); the link is in each mail's headers. */
export const unsubscribeOperation = operation({
  id: "unsubscribe",
  method: "POST",
  path: "/api/unsubscribe/{token}",
  summary: "End the mails that this link is about, without signing in. Twice is as once",
  tag: "notifications",
  access: "public",
  params: unsubscribeParams,
  responses: { 204: null },
  errors: ["not_found"],
});
