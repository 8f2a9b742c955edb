// Until there is a swap, this is a path like any that does not exist, and not an enrollment called "swap".
export { DELETE, GET, OPTIONS, PATCH, POST, PUT } from "../../[...path]/route";
