/** Every cloud, a line each: what an export here is called is what a stack file says under `cloud`. */
export { aws } from "./aws";
export { azure } from "./azure";
export { existing } from "./existing";
