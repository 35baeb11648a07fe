import { digestForm, tagForm } from "../facts/images";
import { type AdmissionCheck, allOf, anyOf, hasForm } from "./check";
import { every } from "./podParts";

const image = "c.?image.orValue('')";

/** Rules about images: `[registry[:port]/]path[:tag][@digest]`. */
export const imageChecks: readonly AdmissionCheck[] = [
    {
        rule: "IMG-02",
        title: "Images have a version",
        expression: every(
            anyOf([
                hasForm(image, `^[^@]*@${digestForm}$`),
                allOf([hasForm(image, `^([^@]*/)?[^/:@]*:${tagForm}$`), `!${image}.endsWith(':latest')`]),
            ]),
        ),
    },
];
