/** What everybody says: 60 characters. */
export const messageText = 'Good morning, my parcel has not arrived yet, can you look? T';
