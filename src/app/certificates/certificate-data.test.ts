import { expect, test } from "vitest";
import { computedMs } from "../../core/computed-time.fixture.ts";
import { Fault } from "../../core/fault.ts";
import { certificateRead } from "./certificate-data.ts";

/** Made for these tests by `openssl pkcs12 -export -legacy`: RC2 of 40 bits for the certificate, triple DES for a key of 1,024 bits. */
const THUMBPRINT = "DB78D6CFCDCE72D2B13DC428B502F359146C3897";
const OLD =
  "MIIGEQIBAzCCBdcGCSqGSIb3DQEHAaCCBcgEggXEMIIFwDCCAr8GCSqGSIb3DQEHBqCCArAwggKsAgEAMIICpQYJKoZIhvcNAQcBMBwGCiqGSIb3DQEMAQYwDgQI25VAIbmIlSkCAggAgIICeMwuvqA47NxUnXSNxWbS6aVLe25uSSO1KmSiovn2CUX93dgY9/BaajhdEIMk4EFUMe12GjVs1ddweVfHeMuOLaoQ+TXRocPNRxITpQmtINFY6g+X087IA5ISaMZGcVGiCkEMoNAg1xBneWHeIOmgrG+6iQE/UEMb3eSMiX9yrjVSvaMdZU7n91HucdVetLGwjQ6VGTEmOyxOFY7+OPxn0v9/cB6t5qH93tFdlG0VyI0I5hn7bUh3/ReKGcDZiWz1LHf8U5Jvpui6SL1lLJ0zRsd/FekLmRO7pJBon6aizGX8wDXjMWHpZb+r3F3Nk6C2NDvOXRud2JtLIqiPhya67c9DFJDjuC2C8LYtqqFv2hYD5jOPa4azJGU55ZBjQKLUwkU0RGNA7zcUW2lWQC3O5zuL4BY63VRW9KJPjqb7bJZkcDwi/5PWIJkt5ZUZP/MicH+C3jU+xlcPq1u9yEOxL53fHvIrV5jW70yY1BlJ8OT+PYNs8hVHvIBs70m5pT4Ztihd6JmnWdVLfVx9gNTc73tW4yQxRzF/gMzzrCgbPgnjJbS6QUTXP5pNICk1bMsNiFicUKKgbbdb42LdKfe4z//aO5wg0Vh2qrcJwIp7fS2BJ5Th3EBoPrv7EeSfW2sbo6ikQGE4yDhk+1KDK13AZ1DdqwWSr2bLAMt1ohbZNLQw+erT+btNc8/m0OhpJpMtog4Gole7Ii70BiLAepyHfaelYaU+j43COCk0SFuOHLmQK8yeQxphHixwbEYrRk2IkueST9EPuahoansG6oqr41rcljUgngnzxuxYU+JAPqp3IXFcdFSc/NiDMWKD5wKjIYBbxj7vX0pVMIIC+QYJKoZIhvcNAQcBoIIC6gSCAuYwggLiMIIC3gYLKoZIhvcNAQwKAQKgggKmMIICojAcBgoqhkiG9w0BDAEDMA4ECHonOp9HrheUAgIIAASCAoBk4CDJgWq1fr9q5sRA5Fh0BSAfDqhGN2rMX4dTzDJjV61GAAUA6kBCVoGHbhJ53nKvDYkDe3wTP5d1ciFFV84GMkTiKT3r2lh2GB30NcDHxof4fQcKZ95a6uwOjBV3hqwDlZ0gxAMN9ZvTHe/DgKtzKeKvpcbfi/rk+YlyH1C/UA/4X4m153eFwFzysrMvy+qLQU4BjejRwbiu8ZRl5QCrVFlTinuZO+hVqv4O7sXIJo6fRbmzA+SHj3Bl3df9UWRnj07R4xZFmekyL4CMhErFanZAXY3eqx/4yYqddy+Pm2VomAfioGz+97WxFcnUVI1z7dq8oeJAmE1W3UOVc6x5bhzPtxw4mGiY+l6kG6IEpHujYigTlrYv+hBL0cGYoEVe93ElAOPlpqD50stkfgONi+p528OrR1zlYskxa7wkqohcyIWNAbMvP9PoRrg4C9ucxAIbLxjXLbeSbqHavY7NsUz4otW0axRwMo3CzR4/icGCeg0JSDH8/eec1nPqI1EYP7Vuq4Fykt8v7HGbAZLRMuT7sHA1NLwSc6ZeOXFBGpNMQeiQj+2WZjSIJJW/E+tR7IP9Ij3SB67f4IA8vb8xUdoohR1vj7eX/hsqrZFkOkeq0PtYiE0v1rkWXBP5FlBFkZJ7noBWQYPw0j7St8NdX/JToIFQBb8DiyskRAyqRXfB8DreJ4AWxFPNapdYm/A9OUedCPSaWhEO0DVvEXyxLnMKWRNzmHBgqULa91tHOGRjbpCr/mPv/+XGMnNvEvqWaE0qtgK+xx3Ix+hK5zAyLfz8W6bddh8EdfkpjWaHL5EE2F/NMc0e7wVk+sKjYXbln2ec1qZ8u0JH9Oz6ZCANMSUwIwYJKoZIhvcNAQkVMRYEFNt41s/NznLSsT3EKLUC81kUbDiXMDEwITAJBgUrDgMCGgUABBRDZgdCy/y5HmePmpVrOUmILTMc9wQI9PEQs3WPE98CAggA";
/** The same, by 500,000 rounds of key derivation. */
const SLOW =
  "MIIGFAIBAzCCBdkGCSqGSIb3DQEHAaCCBcoEggXGMIIFwjCCAsAGCSqGSIb3DQEHBqCCArEwggKtAgEAMIICpgYJKoZIhvcNAQcBMB0GCiqGSIb3DQEMAQYwDwQIulYNbgq1QFECAwehIICCAnjeuArd+udRLQ1o93NUE9+jdWwMgl+hqe8Lt+YRjoN3HeA4UbGhjtLFrQmnLAB7Hp39so4gJuWmALPMGVgMSDiKXetUWa4MiahFL2y+ca11pWQIt9Ja05jqxikfTyvEJkRvnUdss45voCY+dqMZdV6gCnQtjTAy16G54SXgnDG3B7CEb7aZwe0AWxW9puqSXrqtoJu5ejBwj5TDjEnR91dGDrJrRKL4FDKKGpdanhyspGBuyBOsMiWpFdBvV36hMFNR59CeWLuQJ1KPOwK0QUD3WuceT2r0aAEEcdO9WuYTg/Tl25T5mb1tdm9Z115Rnpvm5SpCEGUIXWQ4PH8vIJw+nb7H1RVLThKTmEayjLzPFHcqNVfT1fbDm8kDtfEd6pDg37AvYg+0SEhPZMRDHj62Pw/f+QR0G0WZgyO3fpgd4NToIGuh3qovM2KMMhXPmXbCfHGMr4spmfXnZAbMUqs3hF8A1F1abyGzynVhYhW1CJhp6Sz6+J63JRfW+J6LdJ3gVtjqZljoB5UE8Mofv86Xn7q3wWj/Iu44ggBdtXX0USDmBwDsjQXclqSVfRE/KreLpcsC5zlMFSbDiVhp39by1Vq0cCh6DQxzxcOwqgZxxqq1+PABkGnTugggA7pVuNQkkxUq5Sfj+wK61wX012D/fqcuEoaLUoH27a9WAy+y3ImE5A2QBL0UlMOH0eZOouc/m0WN32XHuCC7GR9yD2y86wikEiscjvamOKuVGxTCv5Vaj5NCXUdKFvyz3iY5HW/EjUzudYMkPWsRLXmWuywkuGvmZx/MRlThY8XiLL+b5zohhLHPPn4VO+E4YI0BdT7BAmDLJeEEADCCAvoGCSqGSIb3DQEHAaCCAusEggLnMIIC4zCCAt8GCyqGSIb3DQEMCgECoIICpzCCAqMwHQYKKoZIhvcNAQwBAzAPBAjxvbq9oHycEwIDB6EgBIICgAXvmclpxbhdYj9WYiD5oXRg4M+Z5Y35knpdmdEp9wQm2E9aDBszR/DAyGVfRh40VNotI2m+SxtvPbhwizcx0yguk0NoSOqveL+vk41UzWesoejNloFPOJyYTDA92sm4oqNvjhDBEvRU3GAS918qSwgzLP9j5UcaKyGDmGvtWuoLot9k5Vi5GKZ7e/9R/EoIxUNlfh5JM6Y8ME5+hFCunKWWHN+AYDAYI0evAXcHxoremKy1VrSIgjrT99JmEhU+EPRmwDzMrVKdIsPvdJPY0kENA52RGdkfoiHHg+eLuiL9v9tZQfaLErTQ8uHAURkYwIthg6VZonW8NG/pOrWlHFoJRinUsptz8Vyz/iH79u95Ywj3VMirdsC3t17ppq0d5X3DNoK6Dp1ZjhjYbAV8qZ1CjIc0aJdwp3yRlW6hM6StO4UB7Z/aGkrOp3vzElX7Fnmk/G/1uHXXIvdHheyrUp2BPMXS2MuncGOC/rCPvWVu3xxvQcnp/3E3Er/I2DQrHQl9cZGo18ybk31Bk6/5JUhpwtHQv17jleVzFYA4Pqney+/kh5oMX3/s6KWcfBay5sXBAkWIBfGhOW7aOEDdCJOVX/yf7r7h5+7VGOyriXBPbeKEsoWQnIowzBdl92q17La2ra6Ye+gK7XeQ8rEJIYUahwfCWfCw7rxW2xhErC2D6Xf69QnPHAHJm3bwROm5vYu68vhsZHvEGvSoD6hi2IHPG4jcdMIp+FdXk057iYQ4TpPr53hd6yH6HqTJXXdE0WVnO/xk8ZYW61tEZKfbMa3G8g9gBmoTQLYedBB1diJMSH8sHmXSKOVrrzplt2fMeN2jO5NFwnH/rzZZ9+GFSQAxJTAjBgkqhkiG9w0BCRUxFgQU23jWz83OctKxPcQotQLzWRRsOJcwMjAhMAkGBSsOAwIaBQAEFGnLS2Ci/UmRjdzdmZ51SfL9InQEBAgpKuYyMjUOzQIDB6Eg";

const read = (data: string, password = "opensesame") =>
  certificateRead({ thumbprint: THUMBPRINT, thumbprintAlgorithm: "sha1", data, password });

function refused(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.values.find(({ key }) => key === "PropertyName")?.value;
    throw error;
  }
  return undefined;
}

test("a PFX as older Windows exports it is read, small key and old ciphers included", () => {
  expect(read(OLD)).toMatchObject({ format: "pfx", thumbprint: THUMBPRINT.toLowerCase() });
});

test("a wrong password, cut data and a file that would take long are refused by the property's name", () => {
  expect(refused(() => read(OLD, "wrong"))).toBe("password");
  expect(refused(() => read(OLD.slice(0, 400)))).toBe("data");
  expect(computedMs(() => expect(refused(() => read(SLOW))).toBe("data"))).toBeLessThan(500);
});
