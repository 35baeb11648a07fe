import type { NamesByType } from "./types";

const sasl = "BrokerNodeGroupInfo/ConnectivityInfo/VpcConnectivity/ClientAuthentication/Sasl";

export const streaming: NamesByType = {
    "aws:msk/cluster:Cluster": {
        schema: "AWS::MSK::Cluster",
        names: {
            "brokerNodeGroupInfo/azDistribution": "BrokerNodeGroupInfo/BrokerAZDistribution",
            "brokerNodeGroupInfo/storageInfo/ebsStorageInfo": "BrokerNodeGroupInfo/StorageInfo/EBSStorageInfo",
            "brokerNodeGroupInfo/connectivityInfo/vpcConnectivity/clientAuthentication/sasl/iam": `${sasl}/Iam/Enabled`,
            "brokerNodeGroupInfo/connectivityInfo/vpcConnectivity/clientAuthentication/sasl/scram": `${sasl}/Scram/Enabled`,
            "clientAuthentication/sasl/iam": "ClientAuthentication/Sasl/Iam/Enabled",
            "clientAuthentication/sasl/scram": "ClientAuthentication/Sasl/Scram/Enabled",
            "clientAuthentication/tls/certificateAuthorityArns": "ClientAuthentication/Tls/CertificateAuthorityArnList",
            "clientAuthentication/unauthenticated": "ClientAuthentication/Unauthenticated/Enabled",
            "encryptionInfo/encryptionAtRestKmsKeyArn": "EncryptionInfo/EncryptionAtRest/DataVolumeKMSKeyId",
            "loggingInfo/brokerLogs/cloudwatchLogs": "LoggingInfo/BrokerLogs/CloudWatchLogs",
        },
    },
    "aws:msk/configuration:Configuration": {
        schema: "AWS::MSK::Configuration",
        names: { kafkaVersions: "KafkaVersionsList" },
    },
    "aws:msk/topic:Topic": {
        schema: "AWS::MSK::Topic",
        names: { name: "TopicName" },
    },
};
