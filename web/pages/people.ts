/** The pages about users, loaded together: they share most of their parts. */
export { default as Self } from './self/self.tsx';
export { default as User } from './user/user.tsx';
export { default as Users } from './users/users.tsx';
